import { expect, test } from '@jest/globals';
import { createRequire } from 'node:module';
import { mendKafkajs } from './mend-kafkajs.ts';

test('what the driver produces is encoded into one buffer of just its size, by ours', async () => {
  mendKafkajs();
  mendKafkajs();
  const load = createRequire(import.meta.url);
  const request = load('kafkajs/src/protocol/requests/produce/v7/request.js') as (asked: object) => {
    apiVersion: number;
    encode: () => Promise<{ buf: Buffer; buffer: Buffer; size: () => number }>;
  };
  const messages = [{ key: 'one', value: '{"a":1}', headers: { producer: 'test' } }];
  const plain = { acks: -1, timeout: 30_000, topicData: [{ topic: 'outcomes.v1', partitions: [{ partition: 0, messages }] }] };
  const encoded = await request(plain).encode();
  expect([encoded.buf.length, encoded.buffer.length]).toEqual([encoded.size(), encoded.size()]);
  expect(request(plain).apiVersion).toBe(7);

  const timed = {
    ...plain,
    topicData: [{ topic: 'outcomes.v1', partitions: [{ partition: 0, messages: [{ ...messages[0], timestamp: 1 }] }] }],
  };
  const byDriver = await request(timed).encode();
  expect(byDriver.buf.length).toBeGreaterThan(byDriver.size());
  expect(byDriver.size()).toBe(encoded.size());
});
