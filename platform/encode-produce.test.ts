import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createRequire } from 'node:module';
import { encodeProduce, type ProducedRecord } from './encode-produce.ts';

type DriverRequest = { encode: () => Promise<{ buffer: Buffer }> };
const driverRequest = createRequire(import.meta.url)('kafkajs/src/protocol/requests/produce/v3/request.js') as (
  request: unknown,
) => DriverRequest;

const NOW_MS = 1_764_219_999_123;

const text = fc.oneof(
  fc.string({ maxLength: 40, unit: 'grapheme' }),
  fc.string({ minLength: 100, maxLength: 20_000 }).map((part) => part.repeat(3)),
);
const record: fc.Arbitrary<ProducedRecord> = fc.record({
  key: fc.oneof(
    fc.constant(null),
    text,
    fc.uint8Array().map((bytes) => Buffer.from(bytes)),
  ),
  value: fc.oneof(
    fc.constant(null),
    text,
    fc.uint8Array({ maxLength: 500 }).map((bytes) => Buffer.from(bytes)),
  ),
  headers: fc.dictionary(fc.string({ unit: 'grapheme', maxLength: 20 }), fc.string({ unit: 'grapheme', maxLength: 200 }), { maxKeys: 4 }),
});
const partition = fc.record({ partition: fc.nat(1_000), records: fc.array(record, { minLength: 1, maxLength: 80 }) });
const topic = fc.record({ topic: fc.stringMatching(/^[a-z.-]{1,40}$/), partitions: fc.array(partition, { minLength: 1, maxLength: 3 }) });

describe('a produce request', () => {
  test("has the very bytes of the driver's own, whatever it carries", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(topic, { minLength: 1, maxLength: 3 }), fc.constantFrom(-1, 0, 1), async (topics, acks) => {
        const topicData = topics.map(({ topic: name, partitions }) => ({
          topic: name,
          partitions: partitions.map((each) => ({
            partition: each.partition,
            messages: each.records.map((message) => ({ ...message, timestamp: NOW_MS })),
          })),
        }));
        const { buffer } = await driverRequest({ acks, timeout: 30_000, topicData }).encode();
        expect(encodeProduce({ acks, timeoutMs: 30_000, topics }, NOW_MS).equals(buffer)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });
});
