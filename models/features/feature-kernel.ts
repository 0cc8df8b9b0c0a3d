import { createHash } from 'node:crypto';
import { AmountModel } from './amount-model.ts';
import { CustomerBeliefModel } from './customer-beliefs.ts';
import { AMOUNT_MOST, CustomerState } from './customer-state.ts';
import { FEATURE_COUNT, featureIndex, FEATURES } from './declare-features.ts';
import type { BeliefParameters } from './describe-beliefs.ts';
import { DAY_MS, RETENTION_MS } from './feature-windows.ts';
import type { FoldOutcome } from './labelled-events.ts';
import { ParkedLabels, type LabelOutcome, type PaymentLabel } from './park-labels.ts';
import { SpellModel } from './spell-filter.ts';
import { TerminalBeliefModel } from './terminal-beliefs.ts';
import { TerminalState } from './terminal-state.ts';
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

/** What a transaction turned out to be, and the event time from which that counts; -Infinity: at once. */
export type EventLabel = Pick<PaymentLabel, 'fraud' | 'countsFromMs'>;

const DEFAULTS = Float64Array.from(FEATURES, (feature) => feature.default);

/**
 * The feature state of a stream and the features of its transactions: the one definition that training and the live service share.
 *
 * A deterministic fold in one pass, by event time, with no clock and no I/O. For every transaction: `fold` it, then `read` its features.
 * Labels count from the moment they are folded. What is older than 38 days, by the event times of its own entity, is forgotten but for sums
 * and beliefs over all of it; an entity without events in the last 38 days before the stream's time is forgotten altogether.
 */
export class FeatureKernel {
  readonly customers: CustomerState;
  readonly terminals: TerminalState;
  readonly parked = new ParkedLabels();
  /** Names the parameters that the belief features follow from; `none`: they have their defaults. */
  readonly beliefsHash: string;
  #newestMs: number;
  /** The stream's time; -Infinity until it has passed once. */
  #streamMs = -Infinity;
  #earliestSinceTickMs = Infinity;
  #eventsSinceTick = 0;
  /** The features of the event that was folded last, as they were before it was taken in. */
  readonly #vector = new Float64Array(FEATURE_COUNT);
  readonly #columns = columnsOf(this.#vector);
  #vectorOf: FeatureEvent | undefined;

  constructor(beliefs: BeliefParameters | null = null, newestMs = -Infinity) {
    this.customers = new CustomerState(
      beliefs && new CustomerBeliefModel(new AmountModel(beliefs.amounts), new SpellModel(beliefs.customer_spells)),
      (label, nowMs) => this.terminals.compromiseAt(label, nowMs),
    );
    this.terminals = new TerminalState(
      beliefs && new TerminalBeliefModel(new SpellModel(beliefs.terminal_spells), beliefs.amounts.limit),
      (label, nowMs) => this.customers.theftOddsAt(label, nowMs),
    );
    this.beliefsHash = hashBeliefs(beliefs);
    this.#newestMs = newestMs;
  }

  /** The latest event time folded; -Infinity before the first. */
  get newestMs(): number {
    return this.#newestMs;
  }

  /** Takes a transaction in, with the label that it brings along, if any. The outcome is that of its customer. */
  fold(event: FeatureEvent, label?: EventLabel): FoldOutcome {
    const { terminal, timeMs, id, subject } = event;
    this.#newestMs = Math.max(this.#newestMs, timeMs);
    this.#passTime(timeMs);
    if (terminal !== null) this.terminals.passTime(terminal, timeMs);
    const compromise = this.#writeShared(event);
    const { outcome, evidence } = this.customers.fold(event, compromise, this.#columns.customer);
    if (terminal !== null) this.terminals.fold({ terminal, id, timeMs, amountThousandths: event.amountThousandths }, evidence);
    this.#vectorOf = outcome === 'duplicate' ? undefined : event;
    // A label never changes the features of its own transaction.
    if (outcome === 'added' && label) this.#applyLabel({ subject, terminal, id, timeMs, ...label });
    const parked = this.parked.claim(event);
    if (parked) this.#applyLabel(parked);
    return outcome;
  }

  /** Takes in what a transaction turned out to be, for its customer and its terminal. The last label of a transaction holds. */
  foldLabel(label: PaymentLabel): LabelOutcome {
    this.#vectorOf = undefined;
    return this.#applyLabel(label);
  }

  /** Writes the feature vector of a transaction that was folded to `out` from `offset` on: `FEATURE_COUNT` numbers in the order of `FEATURES`. */
  read(event: FeatureEvent, out: Float64Array, offset = 0): void {
    if (event !== this.#vectorOf) {
      this.#writeShared(event);
      this.customers.read(event, this.#columns.customer);
    }
    out.set(this.#vector, offset);
  }

  #applyLabel(label: PaymentLabel): LabelOutcome {
    const { terminal } = label;
    const outcome = this.customers.foldLabel(label);
    if (terminal !== null) this.terminals.foldLabel({ ...label, terminal });
    if (outcome !== undefined) return outcome;
    if (label.fraud) this.parked.park(label);
    else if (!this.parked.claim(label)) return 'unchanged';
    return 'parked';
  }

  /** Writes everything but the customer's features; returns the probability that the terminal is compromised. */
  #writeShared(event: FeatureEvent): number {
    const { terminal, id, timeMs, amountThousandths } = event;
    this.#vector.set(DEFAULTS);
    this.#vector[0] = Math.min(amountThousandths, AMOUNT_MOST) / 1000;
    writeCalendarFeatures(timeMs, this.#vector, 1);
    if (terminal === null) return 0;
    return this.terminals.write({ terminal, id, timeMs, amountThousandths }, this.#columns.terminal);
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
    this.parked.forgetUpTo(earliestMs - RETENTION_MS);
  }
}

/** Twelve hexadecimal digits of the parameters' SHA-256; `none` for null. */
export function hashBeliefs(beliefs: BeliefParameters | null): string {
  return beliefs === null ? 'none' : createHash('sha256').update(JSON.stringify(beliefs)).digest('hex').slice(0, 12);
}

function columnsOf(vector: Float64Array) {
  const from = (name: Parameters<typeof featureIndex>[0]) => vector.subarray(featureIndex(name));
  return {
    customer: {
      windows: from('customer_id_nb_tx_1day_window'),
      behaviour: from('customer_payments'),
      beliefs: from('customer_expected_amount'),
    },
    terminal: {
      windows: from('terminal_id_nb_tx_1day_window'),
      behaviour: from('terminal_usual_frauds_3day'),
      beliefs: from('terminal_compromise_log_odds'),
    },
  };
}
