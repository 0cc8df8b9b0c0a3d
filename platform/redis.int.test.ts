import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { pino } from 'pino';
import { connectRedis } from './redis.ts';
import { testServers } from './testing.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as (options?: { type: 'minor' }) => void;
const oldSpaceBytes = () => getHeapSpaceStatistics().find(({ space_name: name }) => name === 'old_space')?.space_used_size ?? NaN;

let redis: Awaited<ReturnType<typeof connectRedis>>;

beforeAll(async () => {
  redis = await connectRedis({ url: testServers().redisUrl, log: pino({ level: 'silent' }) });
});
afterAll(() => redis.stop());

test('what was sent dies young when it is answered', async () => {
  const TEXT_BYTES = 10_000;
  const sendSome = async (count: number) => {
    for (let index = 0; index < count; index++) {
      await redis.client.publish('nobody-listens', `${index}${'x'.repeat(TEXT_BYTES)}`);
      if (index % 20 === 0) collectGarbage({ type: 'minor' });
    }
  };
  await sendSome(100);
  collectGarbage();
  const before = oldSpaceBytes();
  await sendSome(500);
  expect(oldSpaceBytes() - before).toBeLessThan((500 * TEXT_BYTES) / 4);
});

test('a command that cannot be carried out says what it was', async () => {
  await redis.client.set('a-text', 'not a list');
  await expect(redis.client.lpush('a-text', 'an item')).rejects.toMatchObject({
    message: expect.stringContaining('WRONGTYPE') as unknown,
    command: { name: 'lpush', args: ['a-text', 'an item'] },
  });
});
