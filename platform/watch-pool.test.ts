import { expect, test } from '@jest/globals';
import { metrics } from './metrics.ts';
import { watchPool } from './watch-pool.ts';

test('a pool shows who is busy, who is idle and who waits, until it is closed', async () => {
  const watching = watchPool({ totalCount: 8, idleCount: 3, waitingCount: 2 }, 'sample');
  const connections = await metrics.postgresConnections.get();
  expect(connections.values.filter(({ labels }) => labels.pool === 'sample').map(({ labels, value }) => [labels.state, value])).toEqual([
    ['busy', 5],
    ['idle', 3],
  ]);
  expect((await metrics.postgresWaiting.get()).values).toEqual([expect.objectContaining({ labels: { pool: 'sample' }, value: 2 })]);
  watching.stop();
  expect((await metrics.postgresWaiting.get()).values).toEqual([]);
});
