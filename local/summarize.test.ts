import { describe, expect, test } from '@jest/globals';
import { summarizeForPeople, summarizeForScripts } from './summarize.ts';
import type { PlatformAddresses } from './start-platform.ts';

const addresses: PlatformAddresses = {
  api: 'http://127.0.0.1:1',
  apiKey: 'trn_test_key',
  console: 'http://127.0.0.1:2',
  login: 'http://127.0.0.1:2/login?token=t',
  ledger: 'http://127.0.0.1:3',
  scoring: 'http://127.0.0.1:4',
  review: 'http://127.0.0.1:8084',
  brokers: '127.0.0.1:5',
  databaseUrl: 'postgres://trancendos:secret@127.0.0.1:6/trancendos',
  redisUrl: 'redis://127.0.0.1:7',
  metrics: { ingest: 'http://127.0.0.1:8/metrics' },
};

describe('what is printed when everything is ready', () => {
  test('is one line of JSON for scripts, with the addresses that they need', () => {
    const line = summarizeForScripts(addresses);
    expect(line.match(/\n/g)).toEqual(['\n']);
    expect(Object.keys(JSON.parse(line) as object)).toEqual(
      ['api', 'apiKey', 'console', 'login', 'brokers', 'databaseUrl', 'redisUrl', 'metrics'], //
    );
  });

  test('names console, API and key for people, and never the password of the database', () => {
    const text = summarizeForPeople(addresses, 8_400, 20);
    for (const part of [addresses.console, addresses.api, addresses.apiKey, '8.4 s', '20 payments']) expect(text).toContain(part);
    expect(text).not.toContain('secret');
    expect(summarizeForPeople(addresses, 1, undefined)).toContain('--no-traffic');
  });
});
