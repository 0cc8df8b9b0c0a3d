import { pause } from '@trancendos/platform/clock';
import type { Logger } from '@trancendos/platform/log';
import type { Resource } from '@trancendos/platform/run';

export interface Following {
  /** For the log. */
  readonly what: string;
  readonly look: () => Promise<void>;
  readonly log: Logger;
  readonly stopping: AbortSignal;
  /** Default 500. */
  readonly everyMs?: number;
}

/** Well within the 2 s after which a revoked key must be refused by every instance. */
const LOOK_EVERY_MS = 500;

/** Looks for changes in the database twice a second until it is stopped. While the database is away what was seen stays as it was. */
export async function followChanges({ what, look, log, stopping, everyMs = LOOK_EVERY_MS }: Following): Promise<void> {
  let failing = false;
  for (;;) {
    await pause(everyMs, stopping);
    if (stopping.aborted) return;
    try {
      await look();
      failing = false;
    } catch (error) {
      if (!failing) log.warn({ err: error }, `${what} cannot be read; they stay as they were`);
      failing = true;
    }
  }
}

/** The same as something that is opened and stopped. */
export function openFollowing(following: Omit<Following, 'stopping'>): Resource {
  const stopping = new AbortController();
  const running = followChanges({ ...following, stopping: stopping.signal });
  return {
    async stop() {
      stopping.abort();
      await running;
    },
  };
}
