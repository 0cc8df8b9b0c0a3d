import { metrics } from './metrics.ts';

/** What is looked at of a pool of connections. */
interface Pool {
  readonly totalCount: number;
  readonly idleCount: number;
  readonly waitingCount: number;
}

const LOOK_EVERY_MS = 1_000;

/** Puts into the metrics, every second until stopped, how many connections of a pool are busy and how many callers wait for one. */
export function watchPool(pool: Pool, name: string): { stop(): void } {
  const look = () => {
    metrics.postgresConnections.set({ pool: name, state: 'busy' }, pool.totalCount - pool.idleCount);
    metrics.postgresConnections.set({ pool: name, state: 'idle' }, pool.idleCount);
    metrics.postgresWaiting.set({ pool: name }, pool.waitingCount);
  };
  look();
  const timer = setInterval(look, LOOK_EVERY_MS).unref();
  return {
    stop() {
      clearInterval(timer);
      for (const state of ['busy', 'idle']) metrics.postgresConnections.remove({ pool: name, state });
      metrics.postgresWaiting.remove({ pool: name });
    },
  };
}
