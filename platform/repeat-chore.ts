import { nowMs, pause } from './clock.ts';
import type { Logger } from './log.ts';
import type { Resource } from './run.ts';

export interface ChoreOptions {
  readonly name: string;
  readonly everyMs: number;
  /** For one that takes longer as data grows: it rests at least as many times as long as it took. Default 0. */
  readonly restFactor?: number;
  readonly log: Logger;
  readonly chore: (signal: AbortSignal) => Promise<void>;
}

/** Does `chore` now and `everyMs` after each time that it ended, until stopped. One that fails is told and tried again at its next time. */
export function repeatChore({ name, everyMs, restFactor = 0, log, chore }: ChoreOptions): Resource {
  const end = new AbortController();
  const { signal } = end;
  const repeat = async () => {
    while (!signal.aborted) {
      const startedMs = nowMs();
      await chore(signal).catch((error: unknown) => log.warn({ err: error, chore: name }, 'chore failed; it will be tried again'));
      await pause(Math.max(everyMs, restFactor * (nowMs() - startedMs)), signal);
    }
  };
  const repeating = repeat();
  return {
    stop() {
      end.abort();
      return repeating;
    },
  };
}
