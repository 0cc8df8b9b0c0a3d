import { AMOUNT_MOST, type PaymentEvidence } from './customer-state.ts';
import { forgottenUpTo, type EntityBeliefs } from './entity-beliefs.ts';
import { EntityTable } from './entity-table.ts';
import { EventRing } from './event-ring.ts';
import { DAY_MS, LABEL_DELAY_DAYS, RETENTION_MS, WINDOW_DAYS } from './feature-windows.ts';
import { applyLabel, countWaiting, type FoldOutcome, type LabelledEvents, type NoteLabel } from './labelled-events.ts';
import type { LabelOutcome, PaymentLabel } from './park-labels.ts';
import { NO_FRAUD_YET, TERMINAL_RING, type TerminalBeliefModel } from './terminal-beliefs.ts';
import { writeTerminalBehaviour } from './write-terminal-behaviour.ts';

/** One payment at a terminal. */
export interface TerminalEvent {
  readonly terminal: string;
  readonly id: string;
  readonly timeMs: number;
  readonly amountThousandths: number;
}

export interface Terminal extends LabelledEvents {
  readonly beliefs: EntityBeliefs | null;
}

/** Where the features of a terminal go, each part from its first column on. */
export interface TerminalColumns {
  readonly windows: Float64Array;
  readonly behaviour: Float64Array;
  readonly beliefs: Float64Array;
}

/** Shared state: what is known of each terminal. Every worker folds it from all partitions, so each has the whole. */
export class TerminalState {
  readonly terminals = new EntityTable<Terminal>();
  readonly beliefs: TerminalBeliefModel | null;
  readonly #unknown: Terminal;
  readonly #theftOddsOf: (label: PaymentLabel, nowMs: number) => number | undefined;

  /** `theftOddsOf`: the odds that a payment was by a thief, by what is known of its payer at a time. */
  constructor(beliefs: TerminalBeliefModel | null, theftOddsOf: (label: PaymentLabel, nowMs: number) => number | undefined) {
    this.beliefs = beliefs;
    this.#theftOddsOf = theftOddsOf;
    this.#unknown = this.newTerminal();
  }

  newTerminal(): Terminal {
    return { ring: new EventRing(TERMINAL_RING), waiting: [], beliefs: this.beliefs?.newBeliefs() ?? null };
  }

  /** Lets the labels count whose time has come with an event at `timeMs`. */
  passTime(terminalId: string, timeMs: number): void {
    const terminal = this.terminals.get(terminalId);
    if (!terminal?.waiting[0] || terminal.waiting[0].countsFromMs > timeMs) return;
    this.terminals.change(terminalId);
    countWaiting(terminal, timeMs, this.#noteLabelOf(terminal));
  }

  fold(event: TerminalEvent, { theftOdds, toUsual }: PaymentEvidence): FoldOutcome {
    let terminal = this.terminals.change(event.terminal);
    if (!terminal) this.terminals.add(event.terminal, (terminal = this.newTerminal()));
    const { ring } = terminal;
    if (event.timeMs <= ring.newestMs - RETENTION_MS) return 'too_old';
    const value = Math.min(event.amountThousandths, AMOUNT_MOST);
    if (!ring.insert(event.timeMs, event.id, { value, notes: [theftOdds, toUsual], evidence: NO_FRAUD_YET })) return 'duplicate';
    if (terminal.beliefs) this.beliefs?.noteEvent(terminal.beliefs, event.timeMs);
    this.#forget(terminal);
    return 'added';
  }

  /** Undefined where the terminal or the payment is not known. */
  foldLabel(label: PaymentLabel & { readonly terminal: string }): LabelOutcome | undefined {
    const terminal = this.terminals.change(label.terminal);
    return terminal && applyLabel(terminal, label, this.#noteLabelOf(terminal));
  }

  /** Writes the terminal's features for a payment; returns the probability that it is compromised, 0 without beliefs. */
  write(event: TerminalEvent, out: TerminalColumns): number {
    const known = this.terminals.get(event.terminal);
    const kept = known !== undefined && event.timeMs > known.ring.newestMs - RETENTION_MS;
    const { ring, beliefs } = kept ? known : this.#unknown;
    writeWindows(ring, event.timeMs, out.windows);
    writeTerminalBehaviour(ring, event.timeMs, out.behaviour);
    if (!this.beliefs || !beliefs) return 0;
    const end = ring.find(event.timeMs, event.id) ?? ring.positionAfter(event.timeMs);
    return this.beliefs.write(beliefs, ring, { timeMs: event.timeMs, end }, out.beliefs);
  }

  /**
   * The probability that the terminal of a payment was compromised when it came, by the labels known at `nowMs`; undefined where nothing is
   * known.
   */
  compromiseAt({ terminal: id, ...payment }: PaymentLabel, nowMs: number): number | undefined {
    if (id === null) return undefined;
    // What is known of the payment is known of those before it.
    this.passTime(id, Math.min(nowMs, payment.countsFromMs));
    const terminal = this.terminals.get(id);
    const end = terminal?.ring.find(payment.timeMs, payment.id);
    if (!terminal?.beliefs || end === undefined) return undefined;
    return this.beliefs?.compromiseAt(terminal.beliefs, terminal.ring, { timeMs: payment.timeMs, end }, nowMs);
  }

  /** Forgets terminals without an event after `timeMs`. */
  forgetIdle(timeMs: number): void {
    this.terminals.forget(({ ring }) => ring.newestMs <= timeMs);
  }

  #forget({ ring, beliefs }: Terminal): void {
    const timeMs = forgottenUpTo(ring);
    if (ring.oldestMs > timeMs) return;
    if (beliefs) this.beliefs?.absorb(beliefs, ring, timeMs);
    ring.forgetUpTo(timeMs);
  }

  #noteLabelOf({ beliefs, ring }: Terminal): NoteLabel {
    return (position, label, nowMs) => {
      if (beliefs) this.beliefs?.noteLabel(beliefs, ring, position, label.fraud ? this.#theftOddsOf(label, nowMs) : undefined);
    };
  }
}

/** Writes count and share of known frauds of every window. */
function writeWindows(ring: EventRing, timeMs: number, out: Float64Array): void {
  const endMs = timeMs - LABEL_DELAY_DAYS * DAY_MS;
  const end = ring.positionAfter(endMs);
  for (let index = 0; index < WINDOW_DAYS.length; index++) {
    const start = ring.positionAfter(endMs - (WINDOW_DAYS[index] as number) * DAY_MS);
    const count = end - start;
    out[2 * index] = count;
    out[2 * index + 1] = count > 0 ? ring.fraudsBetween(start, end) / count : 0;
  }
}
