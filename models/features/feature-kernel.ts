import { CustomerState, type FoldOutcome } from './customer-state.ts';
import { FEATURE_COUNT } from './declare-features.ts';
import { DAY_MS, RETENTION_MS } from './feature-windows.ts';
import type { TerminalLabel } from './park-labels.ts';
import { TerminalState, type LabelOutcome } from './terminal-state.ts';
import { writeCalendarFeatures } from './write-calendar-features.ts';

/** A transaction as the features see it. */
export interface FeatureEvent {
  /** Who pays: the partition key. */
  readonly subject: string;
  /** Null where the transaction names no terminal. */
  readonly terminal: string | null;
  /** Unique for the transaction. Neither id nor terminal holds a space. */
  readonly id: string;
  /** When it happened, in milliseconds since the epoch. */
  readonly timeMs: number;
  /** Thousandths of the currency's unit: 57160 is 57.16. */
  readonly amountThousandths: number;
}

/**
 * How many events make the stream's time pass: it is the earliest time among the last so many. One event alone, however far ahead of the
 * others (a live payment within replayed ones), must not make everybody else's history look old.
 */
const EVENTS_A_TICK = 4_096;
const CUSTOMER_OFFSET = 3;
const TERMINAL_OFFSET = 9;

/** What a transaction turned out to be, and the event time from which that counts; -Infinity: at once. */
export type EventLabel = Pick<TerminalLabel, 'fraud' | 'countsFromMs'>;

/**
 * The feature state of a stream and the features of its transactions: the one definition that training and the live service share.
 *
 * A deterministic fold in one pass, by event time, with no clock and no I/O. For every transaction: `fold` it, then `read` its features.
 * Labels count from the moment they are folded. What is older than 38 days, by the event times of its own entity, is forgotten; an entity
 * without events in the last 38 days before the stream's time is forgotten altogether.
 */
export class FeatureKernel {
  readonly customers = new CustomerState();
  readonly terminals = new TerminalState();
  #newestMs: number;
  /** The stream's time; -Infinity until it has passed once. */
  #streamMs = -Infinity;
  #earliestSinceTickMs = Infinity;
  #eventsSinceTick = 0;

  constructor(newestMs = -Infinity) {
    this.#newestMs = newestMs;
  }

  /** The latest event time folded; -Infinity before the first. */
  get newestMs(): number {
    return this.#newestMs;
  }

  /** Takes a transaction in, with the label that it brings along, if any. The outcome is that of its customer. */
  fold(event: FeatureEvent, label?: EventLabel): FoldOutcome {
    const { terminal, timeMs } = event;
    this.#newestMs = Math.max(this.#newestMs, timeMs);
    this.#passTime(timeMs);
    if (terminal !== null) {
      const place = { terminal, id: event.id, timeMs };
      this.terminals.fold(place, label && { ...place, ...label });
    }
    return this.customers.fold(event);
  }

  foldLabel(label: TerminalLabel): LabelOutcome {
    return this.terminals.foldLabel(label);
  }

  /** Writes the feature vector of a transaction that was folded to `out` from `offset` on: `FEATURE_COUNT` numbers in the order of `FEATURES`. */
  read(event: FeatureEvent, out: Float64Array, offset = 0): void {
    writeCalendarFeatures(event.timeMs, out, offset + 1);
    out[offset] = this.customers.read(event, out, offset + CUSTOMER_OFFSET);
    if (event.terminal !== null) this.terminals.read(event.terminal, event.timeMs, out, offset + TERMINAL_OFFSET);
    else out.fill(0, offset + TERMINAL_OFFSET, offset + FEATURE_COUNT);
  }

  #passTime(timeMs: number): void {
    this.#earliestSinceTickMs = Math.min(this.#earliestSinceTickMs, timeMs);
    if (++this.#eventsSinceTick < EVENTS_A_TICK) return;
    const earliestMs = this.#earliestSinceTickMs;
    this.#earliestSinceTickMs = Infinity;
    this.#eventsSinceTick = 0;
    if (Math.floor(earliestMs / DAY_MS) <= Math.floor(this.#streamMs / DAY_MS)) return;
    this.#streamMs = earliestMs;
    this.customers.forgetIdle(earliestMs - RETENTION_MS);
    this.terminals.forgetIdle(earliestMs - RETENTION_MS);
  }
}
