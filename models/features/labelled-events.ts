import type { EventRing } from './event-ring.ts';
import { RETENTION_MS } from './feature-windows.ts';
import type { LabelOutcome, PaymentLabel } from './park-labels.ts';

/**
 * What folding an event did. `duplicate`: it was there already, nothing changed. `too_old`: older than what is kept of its entity, nothing
 * changed; its features are computed without history.
 */
export type FoldOutcome = 'added' | 'duplicate' | 'too_old';

/** The events of one entity and the labels that count from a later event time than it has reached, the next one first; mostly none. */
export interface LabelledEvents {
  readonly ring: EventRing;
  waiting: PaymentLabel[];
}

/** Called with the position of an event whose label changed, and the time that its entity has reached. */
export type NoteLabel = (position: number, label: PaymentLabel, nowMs: number) => void;

/** Lets the labels count whose time has come with an event at `timeMs`. */
export function countWaiting(events: LabelledEvents, timeMs: number, noteLabel: NoteLabel): void {
  for (let label; (label = events.waiting[0]) && label.countsFromMs <= timeMs;) {
    events.waiting.shift();
    const position = events.ring.find(label.timeMs, label.id);
    if (position !== undefined && events.ring.setFraud(position, label.fraud)) noteLabel(position, label, timeMs);
  }
}

/**
 * Applies a label to its event. Undefined where the event is not there. The last label of a payment holds: it can be taken back, and come
 * again.
 */
export function applyLabel(events: LabelledEvents, label: PaymentLabel, noteLabel: NoteLabel): LabelOutcome | undefined {
  const { ring } = events;
  const position = ring.find(label.timeMs, label.id);
  if (position === undefined) return label.timeMs <= ring.newestMs - RETENTION_MS ? 'too_old' : undefined;
  const waited = dropWaiting(events, label);
  // Most labels say what everybody takes for granted; they need not wait.
  if (!label.fraud && !waited && !ring.isFraud(position)) return 'unchanged';
  if (label.countsFromMs > ring.newestMs) {
    events.waiting.push(label);
    events.waiting.sort((a, b) => a.countsFromMs - b.countsFromMs);
    return 'waiting';
  }
  if (!ring.setFraud(position, label.fraud)) return 'unchanged';
  noteLabel(position, label, ring.newestMs);
  return 'counted';
}

/** Takes out an earlier label of the same payment that waits. False where there is none. */
function dropWaiting(events: LabelledEvents, label: PaymentLabel): boolean {
  const before = events.waiting.length;
  if (before > 0) events.waiting = events.waiting.filter(({ id, timeMs }) => id !== label.id || timeMs !== label.timeMs);
  return events.waiting.length < before;
}
