import { nowMs, pause } from '@trancendos/platform/clock';

/** A payment that has waited this long has had its answer from the merchant's policy, by any usual deadline. */
const MISSED_AFTER_MS = 1_000;
const REST_MOST_MS = 100;
/** What has to be gained each second, of what is behind, for a rest: with less, a steady load would keep it behind for ever. */
const GAIN_LEAST = 0.5;

/** What was just worked off: when that began, and when its oldest message was sent. Milliseconds since the epoch. */
export interface WorkedOff {
  readonly startedAtMs: number;
  readonly sentAtMs: number;
}

/**
 * Lets scoring that catches up share processors, broker and ledger with the answers that are due now: after a batch that nobody waits for any
 * more it rests as long as the batch took, as long as it gets on.
 */
export class CatchUp {
  #before: WorkedOff | undefined;

  /** Called when a batch is done; resolves when the next one may begin. */
  async giveWay(done: WorkedOff, signal: AbortSignal): Promise<void> {
    const before = this.#before;
    this.#before = done;
    if (ageOf(done) <= MISSED_AFTER_MS) return;
    if (before !== undefined && ageOf(before) - ageOf(done) < GAIN_LEAST * (done.startedAtMs - before.startedAtMs)) return;
    await pause(Math.min(nowMs() - done.startedAtMs, REST_MOST_MS), signal);
  }
}

function ageOf({ startedAtMs, sentAtMs }: WorkedOff): number {
  return startedAtMs - sentAtMs;
}
