import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { probeRedis } from './probe-servers.ts';
import type { ProcessPlan } from './supervise.ts';

export interface RedisOptions {
  /** The data directory of the run; Redis lives in its `redis` folder. */
  readonly directory: string;
  /** The program: a path, or a name to look up in PATH. */
  readonly program: string;
  readonly port: number;
}

/** One Redis for what may vanish: it is saved now and then and at the end, so that sessions survive a restart. */
export function planRedis({ directory, program, port }: RedisOptions): ProcessPlan {
  const folder = join(directory, 'redis');
  mkdirSync(folder, { recursive: true });
  const settings = { port, bind: '127.0.0.1', dir: folder, appendonly: 'no', maxmemory: '256mb', 'maxmemory-policy': 'allkeys-lru' };
  return {
    name: 'redis',
    command: program,
    args: [...Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)]), '--save', '60 1'],
    probe: () => probeRedis(`redis://127.0.0.1:${port}`),
    readyWithinMs: 20_000,
    stopSignal: 'SIGTERM',
    stopWithinMs: 10_000,
  };
}
