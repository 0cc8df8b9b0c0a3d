import type { VelocityLimit } from '@trancendos/contracts/balance';

/** One payment of an account: when it was made (milliseconds since the epoch) and how much, in minor units. */
export interface Spend {
  readonly atMs: number;
  readonly amountMinor: bigint;
}

export type VelocityWindow = VelocityLimit['window'];

export const WINDOW_MS: Readonly<Record<VelocityWindow, number>> = { '1m': 60_000, '1h': 3_600_000, '24h': 86_400_000 };
/** Most payments that a window can hold, which is the most that a limit may allow in it. */
export const SPENDS_MAX = 10_000;
const LONGEST_MS = WINDOW_MS['24h'];
const COMPACT_FROM = 1_024;

/** Where a window begins in the list, and what is in it. */
interface Reach {
  start: number;
  sumMinor: bigint;
}

/**
 * What one account has paid within the last 24 hours, payment by payment: so that every window that ends now is exact, whenever now is.
 * Times never go back, so each payment is looked at twice in all: when it enters a window and when it leaves it.
 */
export class SpendWindow {
  #spends: Spend[];
  readonly #reaches: Record<VelocityWindow, Reach>;

  /** `spends`: the newest `SPENDS_MAX` at least, oldest first. */
  constructor(spends: readonly Spend[] = []) {
    this.#spends = [...spends];
    const sumMinor = spends.reduce((sum, spend) => sum + spend.amountMinor, 0n);
    this.#reaches = { '1m': { start: 0, sumMinor }, '1h': { start: 0, sumMinor }, '24h': { start: 0, sumMinor } };
  }

  add(spend: Spend): void {
    this.#spends.push(spend);
    for (const reach of Object.values(this.#reaches)) reach.sumMinor += spend.amountMinor;
  }

  /** Payments later than `nowMs` minus the window, up to and with `nowMs`. */
  within(window: VelocityWindow, nowMs: number): { readonly count: number; readonly sumMinor: bigint } {
    const reach = this.#reaches[window];
    const afterMs = nowMs - WINDOW_MS[window];
    for (let oldest = this.#spends[reach.start]; oldest && oldest.atMs <= afterMs; oldest = this.#spends[reach.start]) {
      reach.sumMinor -= oldest.amountMinor;
      reach.start++;
    }
    return { count: this.#spends.length - reach.start, sumMinor: reach.sumMinor };
  }

  /** Lets go of what is in no window any more. */
  compact(nowMs: number): void {
    for (const window of Object.keys(WINDOW_MS) as VelocityWindow[]) this.within(window, nowMs);
    const { start } = this.#reaches['24h'];
    if (start < COMPACT_FROM) return;
    this.#spends = this.#spends.slice(start);
    for (const reach of Object.values(this.#reaches)) reach.start -= start;
  }
}

/** The earliest moment whose payments can still count at `nowMs`. */
export function countsFromMs(nowMs: number): number {
  return nowMs - LONGEST_MS;
}
