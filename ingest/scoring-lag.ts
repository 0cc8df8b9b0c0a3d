import type { Outcome } from '@trancendos/contracts/outcome';
import { nowMs } from '@trancendos/platform/clock';
import type { PaymentTransaction } from '@trancendos/contracts/transaction';
import type { Logger } from '@trancendos/platform/log';
import { isTestPayer } from './force-outcome.ts';

/** What the policy is ahead by when scoring is away or behind, and not only slow on one payment. */
const BEHIND_LEAST_MS = 500;
/** Lots are not added to what comes in faster than it is decided, when that has gone on for this long. */
const FAR_BEHIND_MS = 30_000;
/** After so long without a payment one lot is let in all the same: its answers tell how things are. */
const PROBE_LOTS_AFTER_MS = 5_000;
/** What was seen longer ago says nothing of now. */
const FRESH_FOR_MS = 1_000;
/** One request in so long waits all the same: its answer tells when scoring is back. */
const PROBE_EVERY_MS = 250;

export interface ScoringLagOptions {
  readonly log: Pick<Logger, 'warn' | 'info'>;
  /** Milliseconds since the epoch. Default the machine's. */
  readonly clock?: () => number;
}

/**
 * Tells when it is in vain to wait for scoring: the merchant's policy has decided payments that came later than the last one that scoring
 * decided in time. Both are told by the ledger's outcomes, so that a ledger that is away, which scoring is not to blame for, tells nothing.
 */
export class ScoringLag {
  readonly #log: ScoringLagOptions['log'];
  readonly #clock: () => number;
  /** Arrival of the latest payment that each has decided. Until there is one, the start of this process. */
  #byPolicyMs: number;
  #byScoringMs: number;
  /** Arrival of the latest payment that the broker has, and of the first one after all before it were decided and none had come for a while. */
  #takenMs = -Infinity;
  #undecidedSinceMs = -Infinity;
  #notedAtMs = -Infinity;
  #probedAtMs = -Infinity;
  #isBehind = false;

  constructor({ log, clock = nowMs }: ScoringLagOptions) {
    this.#log = log;
    this.#clock = clock;
    this.#byPolicyMs = this.#byScoringMs = clock();
  }

  /** Notes whose decision has become the answer to a payment. */
  note({ actor, transaction }: Pick<Outcome, 'actor' | 'transaction'>): void {
    if (actor === 'sandbox' || isTestPayer(transaction.payer)) return;
    this.#notedAtMs = this.#clock();
    const arrivedAtMs = Date.parse(transaction.received_at);
    if (actor === 'policy') this.#byPolicyMs = Math.max(arrivedAtMs, this.#byPolicyMs);
    else this.#byScoringMs = Math.max(arrivedAtMs, this.#byScoringMs);
  }

  /**
   * Whether the policy may decide at once for a request that waits for `deadlineMs`, because scoring will not by then. Asked once for each
   * request: now and then one is told to wait all the same.
   */
  isInVain(deadlineMs: number): boolean {
    const aheadMs = this.#byPolicyMs - this.#byScoringMs;
    this.#tell(aheadMs > BEHIND_LEAST_MS);
    if (aheadMs <= Math.max(BEHIND_LEAST_MS, 2 * deadlineMs)) return false;
    const now = this.#clock();
    if (now - this.#notedAtMs > FRESH_FOR_MS) return false;
    if (now - this.#probedAtMs >= PROBE_EVERY_MS) {
      this.#probedAtMs = now;
      return false;
    }
    return true;
  }

  /** Notes a payment that the broker has. */
  noteTaken({ payer, received_at }: Pick<PaymentTransaction, 'payer' | 'received_at'>): void {
    if (isTestPayer(payer)) return;
    const arrivedAtMs = Date.parse(received_at);
    const isFirstInAWhile = arrivedAtMs - this.#takenMs > FRESH_FOR_MS && this.#takenMs <= Math.max(this.#byScoringMs, this.#byPolicyMs);
    if (isFirstInAWhile) this.#undecidedSinceMs = arrivedAtMs;
    this.#takenMs = Math.max(this.#takenMs, arrivedAtMs);
  }

  /** Whether the latest payment came so long after the last one that scoring has decided that no lots should be added to what waits. */
  isFarBehind(): boolean {
    if (this.#clock() - this.#takenMs > PROBE_LOTS_AFTER_MS) return false;
    return this.#takenMs - Math.max(this.#byScoringMs, this.#undecidedSinceMs) > FAR_BEHIND_MS;
  }

  #tell(isBehind: boolean): void {
    if (isBehind === this.#isBehind) return;
    this.#isBehind = isBehind;
    if (isBehind) this.#log.warn('scoring does not decide in time: policies decide at once, but for a request now and then');
    else this.#log.info('scoring decides in time again');
  }
}
