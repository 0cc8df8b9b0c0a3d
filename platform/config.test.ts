import { describe, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { ConfigError, loadConfig } from './config.ts';
import { flag, kafkaFields, minor, port } from './config-fields.ts';

const Schema = z.object({ ...kafkaFields, INGEST_PORT: port(8081), LIMIT_MINOR: minor(0n), DEMO: flag(false) });

describe('the configuration', () => {
  test('is read whole, with defaults and in its own types', () => {
    expect(loadConfig(Schema, { KAFKA_BROKERS: 'a:1,b:2', LIMIT_MINOR: '9007199254740993', DEMO: 'true' })).toEqual({
      KAFKA_BROKERS: ['a:1', 'b:2'],
      KAFKA_TOPIC_PARTITIONS: 1,
      INGEST_PORT: 8081,
      LIMIT_MINOR: 9007199254740993n,
      DEMO: true,
    });
  });

  test('names every variable that is missing or does not fit, and shows no value', () => {
    const load = () => loadConfig(Schema, { KAFKA_BROKERS: '', INGEST_PORT: 'secret', DEMO: 'perhaps' });
    expect(load).toThrow(ConfigError);
    expect(load).toThrow(/KAFKA_BROKERS is missing[\s\S]*INGEST_PORT does not fit[\s\S]*DEMO does not fit/);
    expect(load).not.toThrow(/secret|perhaps/);
  });

  test('takes any variable from the file that NAME_FILE names, without the newline at its end', () => {
    const folder = mkdtempSync(join(tmpdir(), 'config-'));
    writeFileSync(join(folder, 'brokers'), 'a:1\n');
    writeFileSync(join(folder, 'empty'), '\n');
    const load = (environment: NodeJS.ProcessEnv) => loadConfig(Schema, environment);
    expect(load({ KAFKA_BROKERS_FILE: join(folder, 'brokers') }).KAFKA_BROKERS).toEqual(['a:1']);
    expect(() => load({ KAFKA_BROKERS_FILE: join(folder, 'empty') })).toThrow(/KAFKA_BROKERS is missing/);
    expect(() => load({ KAFKA_BROKERS_FILE: join(folder, 'none') })).toThrow(
      /KAFKA_BROKERS_FILE names a file that cannot be read \(ENOENT\)/,
    );
    rmSync(folder, { recursive: true });
  });

  test('does not choose between a variable and its file', () => {
    const both = { KAFKA_BROKERS: 'a:1', KAFKA_BROKERS_FILE: '/dev/null' };
    expect(() => loadConfig(Schema, both)).toThrow(/KAFKA_BROKERS and KAFKA_BROKERS_FILE are both given/);
  });
});
