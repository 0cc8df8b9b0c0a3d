import { expect, test } from '@jest/globals';
import { runFeedChaos } from '@trancendos/bench/console/run-feed-chaos';
import { findPort } from '@trancendos/local/find-port';
import { createTestDatabase, testServers } from '@trancendos/platform/testing';

test('consoles lose nothing, double nothing and see no gap while gateways are killed and connections break', async () => {
  const { kafkaBrokers, redisUrl } = testServers();
  const database = await createTestDatabase();
  const { published, kills, breaks, connections, ...faults } = await runFeedChaos({
    kafkaBrokers: kafkaBrokers.join(','),
    redisUrl,
    databaseUrl: database.url,
    ports: [await findPort(), await findPort(), await findPort(), await findPort()],
    clients: 20,
    perSecond: 500,
    seconds: 6,
    killEveryMs: 2_000,
    breakEveryMs: 200,
  });
  await database.drop();
  expect({ published, ...faults }).toEqual({ published: 3_000, lost: 0, duplicated: 0, disordered: 0, gaps: 0, foreign: 0, stories: [] });
  expect(kills).toBeGreaterThan(0);
  expect(connections).toBeGreaterThan(breaks);
}, 90_000);
