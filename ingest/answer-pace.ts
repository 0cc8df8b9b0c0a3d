import { nowMs } from '@trancendos/platform/clock';

/** So many of the last answers tell how long the next one will take, where they are not older than this. */
const NOTED_MAX = 1_024;
const NOTED_FOR_MS = 10_000;
/** Fewer say nothing. */
const NOTED_LEAST = 20;
/** How often it is looked at anew. */
const LOOK_EVERY_MS = 100;
const QUANTILE = 0.99;
/** What is between that quantile and the slowest few. */
const ALLOWANCE = 1.5;

/**
 * How long it takes of late from a decision to its answer: event log, ledger, and the way back. The merchant's policy has to decide that
 * long before a deadline, for its answer to come by it; on a machine that is busy that is longer than on one that is not.
 */
export class AnswerPace {
  readonly #leastMs: number;
  readonly #clock: () => number;
  readonly #tookMs = new Float64Array(NOTED_MAX);
  readonly #notedAtMs = new Float64Array(NOTED_MAX).fill(-Infinity);
  #next = 0;
  #marginMs: number;
  #lookedAtMs = -Infinity;

  /** `leastMs`: the margin where nothing is known, and the smallest there is. */
  constructor(leastMs: number, clock: () => number = nowMs) {
    this.#leastMs = leastMs;
    this.#marginMs = leastMs;
    this.#clock = clock;
  }

  /** Notes that what was decided at `decidedAt` has its answer now. */
  note(decidedAt: string): void {
    const now = this.#clock();
    this.#tookMs[this.#next] = Math.max(0, now - Date.parse(decidedAt));
    this.#notedAtMs[this.#next] = now;
    this.#next = (this.#next + 1) % NOTED_MAX;
  }

  /** How long before a deadline the policy should decide. */
  marginMs(): number {
    const now = this.#clock();
    if (now - this.#lookedAtMs < LOOK_EVERY_MS) return this.#marginMs;
    this.#lookedAtMs = now;
    const took = this.#tookMs.filter((_, place) => now - (this.#notedAtMs[place] as number) <= NOTED_FOR_MS).sort();
    const high = took.length < NOTED_LEAST ? 0 : (took[Math.floor(took.length * QUANTILE)] as number);
    this.#marginMs = Math.max(this.#leastMs, high * ALLOWANCE);
    return this.#marginMs;
  }
}
