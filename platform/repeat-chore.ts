import { pause } from './clock.ts';
import type { Logger } from './log.ts';
import type { Resource } from './run.ts';

export interface ChoreOptions {
  readonly name: string;
  readonly everyMs: number;
  readonly log: Logger;
  readonly chore: (signal: AbortSignal) => Promise<void>;
}

/** Does `chore` now and every `everyMs` after it ended, until stopped. One that fails is told and tried again at its next time. */
export function repeatChore({ name, everyMs, log, chore }: ChoreOptions): Resource {
  const end = new AbortController();
  const { signal } = end;
  const repeat = async () => {
    while (!signal.aborted) {
      await chore(signal).catch((error: unknown) => log.warn({ err: error, chore: name }, 'chore failed; it will be tried again'));
      await pause(everyMs, signal);
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
