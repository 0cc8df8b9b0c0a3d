import type { FoldOutcome } from './customer-state.ts';
import { EntityTable } from './entity-table.ts';
import { EventRing } from './event-ring.ts';
import { DAY_MS, LABEL_DELAY_DAYS, RETENTION_MS, WINDOW_DAYS } from './feature-windows.ts';
import { ParkedLabels, type TerminalLabel } from './park-labels.ts';

/** One transaction at a terminal. */
export interface TerminalEvent {
  readonly terminal: string;
  readonly id: string;
  readonly timeMs: number;
}

/**
 * What folding a label did. `unchanged`: it says what was known. `waiting`: it counts from a later event time. `parked`: its transaction
 * has not come yet, the label or its taking back is kept for it. `too_old`: its transaction is forgotten.
 */
export type LabelOutcome = 'counted' | 'unchanged' | 'waiting' | 'parked' | 'too_old';

export interface Terminal {
  /** A value of 1 is a known fraud; 0 is everything else. */
  readonly ring: EventRing;
  /** Labels that count from a later event time than the terminal has reached, the next one first. Mostly empty. */
  waiting: TerminalLabel[];
}

const FRAUD = 1;
const NOT_KNOWN_AS_FRAUD = 0;

/** Shared state: what is known of each terminal. Every worker folds it from all partitions, so each has the whole. */
export class TerminalState {
  readonly terminals = new EntityTable<Terminal>();
  readonly parked = new ParkedLabels();

  /** `label`: what the event brings along; a label that came before it is newer. Taken in only when the event is added. */
  fold(event: TerminalEvent, label?: TerminalLabel): FoldOutcome {
    let terminal = this.terminals.change(event.terminal);
    if (!terminal) this.terminals.add(event.terminal, (terminal = { ring: new EventRing(), waiting: [] }));
    const { ring } = terminal;
    if (terminal.waiting.length > 0) countWaiting(terminal, event.timeMs);
    if (event.timeMs <= ring.newestMs - RETENTION_MS) return 'too_old';
    const added = ring.insert(event.timeMs, event.id, NOT_KNOWN_AS_FRAUD);
    ring.forgetUpTo(ring.newestMs - RETENTION_MS);
    if (added && label) this.foldLabel(label);
    const parked = this.parked.claim(event);
    if (parked) this.foldLabel(parked);
    return added ? 'added' : 'duplicate';
  }

  /** The last label of a transaction holds: a fraud can be taken back, and found again. */
  foldLabel(label: TerminalLabel): LabelOutcome {
    const terminal = this.terminals.change(label.terminal);
    const position = terminal?.ring.find(label.timeMs, label.id);
    if (!terminal || position === undefined) return this.#park(label, terminal);
    if (terminal.waiting.length > 0)
      terminal.waiting = terminal.waiting.filter(({ id, timeMs }) => id !== label.id || timeMs !== label.timeMs);
    if (label.countsFromMs > terminal.ring.newestMs) {
      terminal.waiting.push(label);
      terminal.waiting.sort((a, b) => a.countsFromMs - b.countsFromMs);
      return 'waiting';
    }
    return terminal.ring.setValue(position, label.fraud ? FRAUD : NOT_KNOWN_AS_FRAUD) ? 'counted' : 'unchanged';
  }

  /** Writes count and share of known frauds of every window to `out` from `offset` on. Zeros for a terminal that is not known. */
  read(terminalId: string, timeMs: number, out: Float64Array, offset: number): void {
    const ring = this.terminals.get(terminalId)?.ring;
    const endMs = timeMs - LABEL_DELAY_DAYS * DAY_MS;
    const end = ring?.positionAfter(endMs) ?? 0;
    for (const [index, days] of WINDOW_DAYS.entries()) {
      const start = ring?.positionAfter(endMs - days * DAY_MS) ?? 0;
      const count = end - start;
      out[offset + 2 * index] = count;
      out[offset + 2 * index + 1] = ring && count > 0 ? ring.sumBetween(start, end) / count : 0;
    }
  }

  /** Forgets terminals without an event after `timeMs`, and labels whose transactions would be older. */
  forgetIdle(timeMs: number): void {
    this.terminals.forget(({ ring }) => ring.newestMs <= timeMs);
    this.parked.forgetUpTo(timeMs);
  }

  #park(label: TerminalLabel, terminal: Terminal | undefined): LabelOutcome {
    if (terminal && label.timeMs <= terminal.ring.newestMs - RETENTION_MS) return 'too_old';
    if (label.fraud) this.parked.park(label);
    else if (!this.parked.claim(label)) return 'unchanged';
    return 'parked';
  }
}

/** Lets the labels count whose time has come. */
function countWaiting(terminal: Terminal, timeMs: number): void {
  while (terminal.waiting[0] && terminal.waiting[0].countsFromMs <= timeMs) {
    const label = terminal.waiting.shift();
    const position = label && terminal.ring.find(label.timeMs, label.id);
    if (label && position !== undefined) terminal.ring.setValue(position, label.fraud ? FRAUD : NOT_KNOWN_AS_FRAUD);
  }
}
