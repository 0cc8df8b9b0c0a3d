import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { pino } from 'pino';
import { measureAgeing } from './measure-ageing.ts';
import { connectRedis } from './redis.ts';
import { testServers } from './testing.ts';

let redis: Awaited<ReturnType<typeof connectRedis>>;

beforeAll(async () => {
  redis = await connectRedis({ url: testServers().redisUrl, log: pino({ level: 'silent' }) });
});
afterAll(() => redis.stop());

test('what was sent dies young when it is answered', async () => {
  const TEXT_BYTES = 10_000;
  const send = (index: number) => redis.client.publish('nobody-listens', `${index}${'x'.repeat(TEXT_BYTES)}`);
  const aged = await measureAgeing(send, { warmUp: 100, count: 500, collectEvery: 20 });
  expect(aged).toBeLessThan((500 * TEXT_BYTES) / 4);
});

test('a command that cannot be carried out says what it was', async () => {
  await redis.client.set('a-text', 'not a list');
  await expect(redis.client.lpush('a-text', 'an item')).rejects.toMatchObject({
    message: expect.stringContaining('WRONGTYPE') as unknown,
    command: { name: 'lpush', args: ['a-text', 'an item'] },
  });
});
