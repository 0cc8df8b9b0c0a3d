import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createRequire } from 'node:module';
import { ByteWriter } from './byte-writer.ts';
import { decodeFetch } from './decode-fetch.ts';
import { encodeFetch } from './encode-fetch.ts';
import { encodeProduce } from './encode-produce.ts';

const load = createRequire(import.meta.url);
const driver = {
  encode: load('kafkajs/src/protocol/requests/fetch/v11/request.js') as (asked: unknown) => { encode: () => Promise<{ buffer: Buffer }> },
  answer: load('kafkajs/src/protocol/requests/fetch/v11/response.js') as { decode: (body: Buffer) => Promise<unknown> },
};

/** Where a produce request for topic `t` has its batch. */
const BATCH_AT = 2 + 2 + 4 + 4 + (2 + 1 + 4) + (4 + 4);
const ATTRIBUTES_AT = 21;

interface BatchPlan {
  readonly firstOffset: number;
  readonly nowMs: number;
  readonly attributes: number;
  readonly records: readonly { key: Buffer | null; value: Buffer | null; headers: Record<string, string> }[];
}

function batchOf({ firstOffset, nowMs, attributes, records }: BatchPlan): Buffer {
  const request = { acks: -1, timeoutMs: 1, topics: [{ topic: 't', partitions: [{ partition: 0, records }] }] };
  const batch = Buffer.from(encodeProduce(request, nowMs).subarray(BATCH_AT));
  batch.writeBigInt64BE(BigInt(firstOffset));
  batch.writeInt16BE(attributes, ATTRIBUTES_AT);
  return batch;
}

interface PartitionPlan {
  readonly partition: number;
  readonly errorCode: number;
  readonly highWatermark: bigint;
  readonly aborted: readonly bigint[];
  readonly batches: readonly BatchPlan[];
  readonly cutBytes: number;
}

function answerOf(topics: readonly { topic: string; partitions: readonly PartitionPlan[] }[]): Buffer {
  const out = new ByteWriter(Buffer.alloc(4_000_000));
  out.int32(7);
  out.int16(0);
  out.int32(42);
  out.int32(topics.length);
  for (const { topic, partitions } of topics) {
    out.int16(topic.length);
    out.bytes(topic);
    out.int32(partitions.length);
    for (const partition of partitions) writePartition(out, partition);
  }
  return out.buffer.subarray(0, out.place);
}

function writePartition(out: ByteWriter, { partition, errorCode, highWatermark, aborted, batches, cutBytes }: PartitionPlan): void {
  out.int32(partition);
  out.int16(errorCode);
  out.int64(highWatermark);
  out.int64(highWatermark - 1n);
  out.int64(-1n);
  out.int32(aborted.length || -1);
  for (const firstOffset of aborted) {
    out.int64(9n);
    out.int64(firstOffset);
  }
  out.int32(-1);
  const whole = Buffer.concat(batches.map(batchOf));
  const last = batches.at(-1);
  // What is cut off belongs to the last batch, and never all of what tells its kind.
  const cut = last && batches.length > 1 ? Math.min(cutBytes, batchOf(last).length - 1) : 0;
  const bytes = whole.subarray(0, whole.length - cut);
  out.int32(bytes.length);
  out.bytes(bytes);
}

const inherited = new Set(Object.getOwnPropertyNames(Object.prototype));
const bytes = fc.oneof(
  fc.constant(null),
  fc.uint8Array({ maxLength: 300 }).map((each) => Buffer.from(each)),
);
const record = fc.record({
  key: bytes,
  value: bytes,
  headers: fc.dictionary(
    fc.string({ unit: 'grapheme', maxLength: 20 }).filter((name) => !inherited.has(name)),
    fc.string({ unit: 'grapheme', maxLength: 100 }),
    { maxKeys: 4, noNullPrototype: true },
  ),
});
const batch: fc.Arbitrary<BatchPlan> = fc.record({
  firstOffset: fc
    .oneof(
      fc.nat(),
      fc.maxSafeNat().map((most) => most - 100_000),
    )
    .map((first) => Math.max(0, first)),
  nowMs: fc.oneof(fc.constant(-1), fc.integer({ min: 1_600_000_000_000, max: 2_000_000_000_000 })),
  attributes: fc.constantFrom(0, 8, 16, 32, 48, 56),
  records: fc.array(record, { minLength: 1, maxLength: 20 }),
});
const partition: fc.Arbitrary<PartitionPlan> = fc.record({
  partition: fc.nat(100),
  errorCode: fc.constantFrom(0, 1, 6),
  highWatermark: fc.bigInt({ min: -1n, max: 2n ** 60n }),
  aborted: fc.array(fc.bigInt({ min: 0n, max: 1_000n }), { maxLength: 2 }),
  batches: fc.array(batch, { maxLength: 4 }),
  cutBytes: fc.nat(400),
});
const topics = fc.array(
  fc.record({ topic: fc.stringMatching(/^[a-z.-]{1,30}$/), partitions: fc.array(partition, { minLength: 1, maxLength: 3 }) }),
  { maxLength: 3 },
);

describe("a fetch's answer", () => {
  test('reads as the driver reads it, with every kind of batch, cut off or whole', async () => {
    await fc.assert(
      fc.asyncProperty(topics, async (plan) => {
        const body = answerOf(plan);
        expect(decodeFetch(body)).toEqual(await driver.answer.decode(body));
      }),
      { numRuns: 150 },
    );
  });

  test('is left to the driver where records are compressed or older than Kafka 0.11', () => {
    const plan = (attributes: number) => {
      const records = [{ key: null, value: Buffer.from('{}'), headers: {} }];
      const only = { partition: 0, errorCode: 0, highWatermark: 1n, aborted: [], cutBytes: 0 };
      return answerOf([{ topic: 't', partitions: [{ ...only, batches: [{ firstOffset: 0, nowMs: 1, attributes, records }] }] }]);
    };
    expect(decodeFetch(plan(0))?.responses[0]?.partitions[0]?.messages).toHaveLength(1);
    for (const codec of [1, 2, 3, 4]) expect(decodeFetch(plan(codec))).toBeUndefined();
    const old = plan(0);
    const magicAt =
      old.length -
      batchOf({ firstOffset: 0, nowMs: 1, attributes: 0, records: [{ key: null, value: Buffer.from('{}'), headers: {} }] }).length +
      16;
    old[magicAt] = 1;
    expect(decodeFetch(old)).toBeUndefined();
  });

  test('keeps every value of a header that comes twice, and a header cannot reach what objects inherit', () => {
    const records = [{ key: null, value: null, headers: { aa: '1', ab: '2', constructoR: '3', __prot0__: '4' } }];
    const only = { partition: 0, errorCode: 0, highWatermark: 1n, aborted: [], cutBytes: 0 };
    const body = answerOf([{ topic: 't', partitions: [{ ...only, batches: [{ firstOffset: 5, nowMs: 1, attributes: 0, records }] }] }]);
    body.write('aa', body.indexOf('ab'));
    body.write('r', body.indexOf('R'));
    body.write('o', body.indexOf('__prot0__') + '__prot'.length);
    const [message] = decodeFetch(body)?.responses[0]?.partitions[0]?.messages ?? [];
    expect(message?.offset).toBe('5');
    expect(Object.entries(message?.headers ?? {}).map(([name, value]) => [name, String(value)])).toEqual([
      ['aa', '1,2'],
      ['constructor', '3'],
      ['__proto__', '4'],
    ]);
    expect(Object.getPrototypeOf(message?.headers)).toBe(Object.prototype);
  });

  test('that ends too early is no answer', () => {
    const records = [{ key: null, value: Buffer.from('{"a":1}'), headers: {} }];
    const only = { partition: 0, errorCode: 0, highWatermark: 1n, aborted: [], cutBytes: 0 };
    const body = answerOf([{ topic: 't', partitions: [{ ...only, batches: [{ firstOffset: 0, nowMs: 1, attributes: 0, records }] }] }]);
    for (const length of [0, 3, 12, 20]) expect(() => decodeFetch(body.subarray(0, length))).toThrow();
  });
});

describe('a fetch request', () => {
  test("has the very bytes of the driver's own", async () => {
    const asked = fc.record({
      replicaId: fc.constant(-1),
      maxBytes: fc.nat(),
      minBytes: fc.nat(),
      isolationLevel: fc.constantFrom(0, 1),
      rackId: fc.constantFrom('', 'a-1'),
      topics: fc.array(
        fc.record({
          topic: fc.stringMatching(/^[a-z.-]{1,30}$/),
          partitions: fc.array(fc.record({ partition: fc.nat(), fetchOffset: fc.bigInt({ min: 0n, max: 2n ** 62n }), maxBytes: fc.nat() })),
        }),
      ),
    });
    await fc.assert(
      fc.asyncProperty(asked, fc.nat(), async (request, maxWaitMs) => {
        const named = request.topics.map(({ topic, partitions }) => ({
          topic,
          partitions: partitions.map((each) => ({ ...each, fetchOffset: each.fetchOffset.toString() })),
        }));
        const { buffer } = await driver.encode({ ...request, topics: named, maxWaitTime: maxWaitMs }).encode();
        expect(encodeFetch({ ...request, maxWaitMs }).equals(buffer)).toBe(true);
      }),
      { numRuns: 100 },
    );
  });
});
