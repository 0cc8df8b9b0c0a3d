import { setTimeout as sleep } from 'node:timers/promises';
import { InvalidArgumentError } from 'commander';

/** No more than this is made up for when the sender was held up: later rows move back instead of coming in a burst. */
const CATCH_UP_MAX_MS = 1_000;

/**
 * When the next row is due: arrivals at random times, `ratePerS` a second on average (a Poisson process), as independent payers make them.
 * Due times do not depend on answers, so a slow platform is not spared.
 */
export class Pace {
  readonly #meanGapMs: number;
  readonly #random: () => number;
  #dueMs: number;

  constructor(ratePerS: number, startMs: number, random: () => number = Math.random) {
    this.#meanGapMs = 1_000 / ratePerS;
    this.#random = random;
    this.#dueMs = startMs;
  }

  /** Milliseconds on the clock of `nowMs`; may lie up to a second in the past. */
  nextDueMs(nowMs: number): number {
    this.#dueMs = Math.max(this.#dueMs - Math.log(1 - this.#random()) * this.#meanGapMs, nowMs - CATCH_UP_MAX_MS);
    return this.#dueMs;
  }
}

/** Resolves after `delayMs`, or at once when `signal` is aborted. Keeps the process alive meanwhile. */
export async function rest(delayMs: number, signal: AbortSignal): Promise<void> {
  await sleep(delayMs, undefined, { signal }).catch(() => undefined);
}

/** Reads a `--rate` argument. Throws what commander tells the user. */
export function parseRate(text: string): number {
  const rate = Number(text);
  if (!(rate > 0 && rate <= 10_000)) throw new InvalidArgumentError('It is not a number above 0, at most 10000.');
  return rate;
}
