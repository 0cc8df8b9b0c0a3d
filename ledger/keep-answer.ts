import { nowMs } from '@trancendos/platform/clock';

/** The share of the time that may be spent on computing one answer anew. */
const BUSY_SHARE_MAX = 0.05;

/**
 * Makes an expensive question cheap to ask: one computation at a time, which everybody who asks meanwhile shares, and whose answer is given
 * for `keepMs` - longer where computing it took so long that it would otherwise be busy for more than a twentieth of the time.
 * A failure is given to those who wait for it, and not kept.
 */
export function keepAnswer<T>(compute: () => Promise<T>, keepMs: number, clock: () => number = nowMs): () => Promise<T> {
  let answer: Promise<T> | undefined;
  let freshUntilMs = Infinity;
  const ask = async (): Promise<T> => {
    const startedMs = clock();
    freshUntilMs = Infinity;
    try {
      const computed = await compute();
      const finishedMs = clock();
      freshUntilMs = finishedMs + Math.max(keepMs, (finishedMs - startedMs) / BUSY_SHARE_MAX);
      return computed;
    } catch (error) {
      answer = undefined;
      throw error;
    }
  };
  return () => {
    if (answer === undefined || clock() >= freshUntilMs) answer = ask();
    return answer;
  };
}
