import { describe, expect, test } from '@jest/globals';
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
});
