import { AmountHistory, type AmountSummary } from './amount-history.ts';
import type { AmountEvidence } from './amount-model.ts';
import { CUSTOMER_NOTE, CUSTOMER_RING, type CustomerBeliefModel, type CustomerBeliefs } from './customer-beliefs.ts';
import { forgottenUpTo } from './entity-beliefs.ts';
import { EntityTable } from './entity-table.ts';
import { EventRing } from './event-ring.ts';
import { DAY_MS, RETENTION_MS, WINDOW_DAYS } from './feature-windows.ts';
import { applyLabel, countWaiting, type FoldOutcome, type LabelledEvents, type NoteLabel } from './labelled-events.ts';
import type { LabelOutcome, PaymentLabel } from './park-labels.ts';
import { writeCustomerBehaviour } from './write-customer-behaviour.ts';

/** One payer's payment. */
export interface CustomerEvent {
  readonly subject: string;
  /** Unique for the payment; a second event with the same id and time is a duplicate. */
  readonly id: string;
  readonly timeMs: number;
  /** Thousandths of the currency's unit: exact for every currency with up to three decimals. */
  readonly amountThousandths: number;
}

export interface Customer extends LabelledEvents {
  readonly amounts: AmountHistory;
  /** Time of the earliest payment that was folded. */
  firstMs: number;
  readonly beliefs: CustomerBeliefs | null;
}

/** Where the features of a customer go, each part from its first column on. */
export interface CustomerColumns {
  readonly windows: Float64Array;
  readonly behaviour: Float64Array;
  readonly beliefs: Float64Array;
}

/** What the customer's history says of a payment, for its terminal. */
export interface PaymentEvidence {
  /** Odds that it is by a thief; 0 without beliefs. */
  theftOdds: number;
  /** Its amount by the usual one of its payer; 1 while there is none. */
  toUsual: number;
}

/** Larger amounts count as this one, 10,000,000.000, so that sums stay exact. */
export const AMOUNT_MOST = 10_000_000_000;
/** Without beliefs. */
const NO_EVIDENCE: readonly number[] = [0, 0];

/** Keyed state: what is known of each paying customer. Whoever owns a customer's partition owns its state. */
export class CustomerState {
  readonly customers = new EntityTable<Customer>();
  readonly beliefs: CustomerBeliefModel | null;
  readonly #summary: AmountSummary = { count: 0, median: 0, high: 0, usual: 0, rank: 0 };
  readonly #evidence: AmountEvidence = { expected: 0, deviation: 0, likelihood: 1 };
  readonly #paymentEvidence: PaymentEvidence = { theftOdds: 0, toUsual: 1 };

  readonly #compromiseOf: (label: PaymentLabel, nowMs: number) => number | undefined;

  /** `compromiseOf`: the probability that the terminal of a payment was compromised, by what is known of it at a time. */
  constructor(beliefs: CustomerBeliefModel | null, compromiseOf: (label: PaymentLabel, nowMs: number) => number | undefined) {
    this.beliefs = beliefs;
    this.#compromiseOf = compromiseOf;
  }

  newCustomer(): Customer {
    return {
      ring: new EventRing(CUSTOMER_RING),
      waiting: [],
      amounts: new AmountHistory(),
      firstMs: Infinity,
      beliefs: this.beliefs?.newBeliefs() ?? null,
    };
  }

  /**
   * Writes the features of `event` and takes it in; `terminalCompromise`: the probability that its terminal is compromised. Returns what to do
   * about its terminal with the outcome; the evidence is valid until the next call.
   */
  fold(event: CustomerEvent, terminalCompromise: number, out: CustomerColumns): { outcome: FoldOutcome; evidence: PaymentEvidence } {
    let customer = this.customers.change(event.subject);
    if (!customer) this.customers.add(event.subject, (customer = this.newCustomer()));
    if (customer.waiting.length > 0) countWaiting(customer, event.timeMs, this.#noteLabelOf(customer));
    const evidence = this.#write(customer, event, out);
    const { ring } = customer;
    if (event.timeMs <= ring.newestMs - RETENTION_MS) return { outcome: 'too_old', evidence };
    const { likelihood, expected, deviation } = this.#evidence;
    const value = Math.min(event.amountThousandths, AMOUNT_MOST);
    const facts = {
      value,
      notes: [likelihood, expected, deviation, terminalCompromise],
      evidence: this.beliefs?.newEvidence(likelihood, value) ?? NO_EVIDENCE,
    };
    if (!ring.insert(event.timeMs, event.id, facts)) return { outcome: 'duplicate', evidence };
    customer.amounts.add(value / 1000);
    customer.firstMs = Math.min(customer.firstMs, event.timeMs);
    if (customer.beliefs) {
      this.beliefs?.learn(customer.beliefs);
      this.beliefs?.noteEvent(customer.beliefs, event.timeMs);
    }
    this.#forget(customer);
    return { outcome: 'added', evidence };
  }

  /** Undefined where the customer or the payment is not known. */
  foldLabel(label: PaymentLabel): LabelOutcome | undefined {
    const customer = this.customers.change(label.subject);
    return customer && applyLabel(customer, label, this.#noteLabelOf(customer));
  }

  /** Writes the features of a payment that was folded. */
  read(event: CustomerEvent, out: CustomerColumns): void {
    this.#write(this.customers.get(event.subject), event, out);
  }

  /** The odds that a payment was by a thief, by the labels known at `nowMs`; undefined where it is not known. */
  theftOddsAt({ subject, timeMs, id }: PaymentLabel, nowMs: number): number | undefined {
    const customer = this.customers.get(subject);
    const position = customer?.ring.find(timeMs, id);
    if (!customer?.beliefs || position === undefined) return undefined;
    return this.beliefs?.theftOddsAt(customer.beliefs, customer.ring, position, nowMs);
  }

  /** Forgets customers without an event after `timeMs`. */
  forgetIdle(timeMs: number): void {
    this.customers.forget(({ ring }) => ring.newestMs <= timeMs);
  }

  #write(known: Customer | undefined, event: CustomerEvent, out: CustomerColumns): PaymentEvidence {
    const kept = known !== undefined && event.timeMs > known.ring.newestMs - RETENTION_MS;
    // A payment that came too late to be kept is looked at without history.
    const customer = kept ? known : this.newCustomer();
    const { ring, amounts } = customer;
    const thousandths = Math.min(event.amountThousandths, AMOUNT_MOST);
    const amount = thousandths / 1000;
    const own = ring.find(event.timeMs, event.id);
    const end = own ?? ring.positionAfter(event.timeMs);
    writeWindows(ring, event.timeMs, own === undefined ? thousandths : null, out.windows);
    amounts.summarise(amount, own === undefined ? 0 : 1, this.#summary);
    const payment = { timeMs: event.timeMs, amount, end, firstMs: customer.firstMs };
    writeCustomerBehaviour(ring, this.#summary, payment, out.behaviour);
    this.#paymentEvidence.toUsual = this.#summary.count > 0 ? amount / this.#summary.usual : 1;
    this.#paymentEvidence.theftOdds = this.#writeBeliefs(customer, { ...payment, own }, out.beliefs);
    return this.#paymentEvidence;
  }

  #writeBeliefs(
    { beliefs, ring }: Customer,
    payment: { timeMs: number; amount: number; end: number; own: number | undefined },
    out: Float64Array,
  ): number {
    if (!this.beliefs || !beliefs) return 0;
    const evidence = this.#evidence;
    const { own, amount } = payment;
    if (own === undefined) this.beliefs.weigh(beliefs, amount, evidence);
    else {
      // What its payer's history said when it arrived, not what is known since.
      evidence.likelihood = ring.noteAt(own, CUSTOMER_NOTE.likelihood);
      evidence.expected = ring.noteAt(own, CUSTOMER_NOTE.expected);
      evidence.deviation = ring.noteAt(own, CUSTOMER_NOTE.deviation);
    }
    return this.beliefs.write(beliefs, ring, { ...payment, evidence }, out);
  }

  #forget(customer: Customer): void {
    const { ring, beliefs } = customer;
    const timeMs = forgottenUpTo(ring);
    if (ring.oldestMs > timeMs) return;
    if (beliefs) this.beliefs?.absorb(beliefs, ring, timeMs);
    ring.forgetUpTo(timeMs);
  }

  #noteLabelOf({ beliefs, ring }: Customer): NoteLabel {
    return (position, label, nowMs) => {
      if (beliefs) this.beliefs?.noteLabel(beliefs, ring, position, label.fraud ? this.#compromiseOf(label, nowMs) : undefined);
    };
  }
}

/**
 * Writes count and mean amount (in units of the currency) of every window that ends with the payment. `toCome`: its thousandths, where it
 * is not in the ring.
 */
function writeWindows(ring: EventRing, timeMs: number, toCome: number | null, out: Float64Array): void {
  const end = ring.positionAfter(timeMs);
  for (let index = 0; index < WINDOW_DAYS.length; index++) {
    const start = ring.positionAfter(timeMs - (WINDOW_DAYS[index] as number) * DAY_MS);
    const count = end - start + (toCome === null ? 0 : 1);
    out[2 * index] = count;
    out[2 * index + 1] = (ring.sumBetween(start, end) + (toCome ?? 0)) / count / 1000;
  }
}
