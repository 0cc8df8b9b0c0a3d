import { pause } from '@trancendos/platform/clock';
import type { Logger } from '@trancendos/platform/log';

export interface Following {
  /** For the log. */
  readonly what: string;
  readonly look: () => Promise<void>;
  readonly log: Logger;
  readonly stopping: AbortSignal;
}

/** Well within the 2 s after which a revoked key must be refused by every instance. */
const LOOK_EVERY_MS = 500;

/** Looks for changes in the database twice a second until it is stopped. While the database is away what was seen stays as it was. */
export async function followChanges({ what, look, log, stopping }: Following): Promise<void> {
  let failing = false;
  for (;;) {
    await pause(LOOK_EVERY_MS, stopping);
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
