import { describe, expect, test } from '@jest/globals';
import { summarizeForPeople, summarizeForScripts, type StartSummary } from './summarize.ts';

const addresses: StartSummary = {
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
  setUp: 'http://127.0.0.1:2/set-up#once',
  isProduction: false,
  readyAfterMs: 8_400,
  trafficRate: 20,
};

describe('what is printed when everything is ready', () => {
  test('is one line of JSON for scripts, with the addresses that they need', () => {
    const line = summarizeForScripts(addresses);
    expect(line.match(/\n/g)).toEqual(['\n']);
    expect(Object.keys(JSON.parse(line) as object)).toEqual(
      ['api', 'apiKey', 'console', 'login', 'brokers', 'databaseUrl', 'redisUrl', 'metrics', 'setUp'], //
    );
  });

  test('names console, API and key for people, and never the password of the database', () => {
    const text = summarizeForPeople(addresses);
    for (const part of [addresses.console, addresses.api, addresses.apiKey, '8.4 s', '20 payments']) expect(text).toContain(part);
    expect(text).not.toContain('secret');
    expect(summarizeForPeople({ ...addresses, trafficRate: undefined })).toContain('--no-traffic');
  });

  test('shows the way in: the link that makes the first account, and the demo where there is one', () => {
    const login = (summary: StartSummary) => JSON.parse(summarizeForScripts(summary)) as { login: string | null; setUp: string | null };
    expect(login(addresses)).toMatchObject({ login: addresses.login, setUp: addresses.setUp });
    expect(summarizeForPeople(addresses)).toContain(addresses.setUp);
    expect(summarizeForPeople(addresses)).toContain(addresses.login);
    const production = { ...addresses, isProduction: true, setUp: undefined };
    expect(login(production)).toMatchObject({ login: null, setUp: null });
    expect(summarizeForPeople(production)).not.toContain(addresses.login);
    expect(summarizeForPeople(production)).toContain('refused where NODE_ENV is production');
  });
});
