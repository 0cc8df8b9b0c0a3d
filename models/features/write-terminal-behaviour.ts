import type { EventRing } from './event-ring.ts';
import { DAY_MS, EVENTS_LOOKED_AT_MAX, HISTORY_DAYS, LABEL_DELAY_DAYS, RETENTION_MS } from './feature-windows.ts';
import { TERMINAL_NOTE } from './terminal-beliefs.ts';
import { RAISED_RATIO } from './write-customer-behaviour.ts';

const USUAL_FRAUD_DAYS = [3, 7, 30] as const;

/** Writes `TERMINAL_BEHAVIOUR_FEATURES` for a payment at `timeMs`. */
export function writeTerminalBehaviour(ring: EventRing, timeMs: number, out: Float64Array): void {
  const endMs = timeMs - LABEL_DELAY_DAYS * DAY_MS;
  const end = ring.positionAfter(endMs);
  out.fill(0, 0, 11);
  out[3] = out[4] = out[7] = HISTORY_DAYS;
  out.fill(HISTORY_DAYS, 8, 11);
  // What is older may still be kept or not, as the last event of the terminal was long ago or not.
  const start = Math.max(ring.positionAfter(timeMs - RETENTION_MS), end - EVENTS_LOOKED_AT_MAX);
  if (end <= start) return;
  out[7] = daysSince(timeMs, ring.timeAt(end - 1));
  if (ring.fraudsBetween(start, end) === 0) {
    out[5] = end - start;
    out[9] = out[7];
    return;
  }
  writeFrauds(ring, timeMs, [start, end], out);
  writeRun(ring, timeMs, [start, end], out);
}

function writeFrauds(ring: EventRing, timeMs: number, [start, end]: readonly [number, number], out: Float64Array): void {
  let genuineSince = 0;
  let run = 0;
  let last: number | undefined;
  let first: number | undefined;
  for (let position = end - 1; position >= start; position--) {
    const fraud = ring.isFraud(position);
    const usual = ring.noteAt(position, TERMINAL_NOTE.toUsual) <= RAISED_RATIO;
    if (fraud && usual) {
      first = position;
      last ??= position;
      if (run === end - 1 - position) run++;
      countFraud(timeMs - ring.timeAt(position), out);
    }
    if (!fraud && last === undefined) genuineSince++;
  }
  if (last !== undefined) out[3] = daysSince(timeMs, ring.timeAt(last));
  if (first !== undefined) out[4] = daysSince(timeMs, ring.timeAt(first));
  out[5] = genuineSince;
  out[6] = run;
}

/** Since when there have only been frauds, and how long ago the last payment of either kind was. One of them at least is a fraud. */
function writeRun(ring: EventRing, timeMs: number, [start, end]: readonly [number, number], out: Float64Array): void {
  let genuine = end - 1;
  for (; genuine >= start && ring.isFraud(genuine); genuine--) {
    if (ring.noteAt(genuine, TERMINAL_NOTE.toUsual) <= RAISED_RATIO) out[8] = daysSince(timeMs, ring.timeAt(genuine));
  }
  if (genuine >= start) out[9] = daysSince(timeMs, ring.timeAt(genuine));
  let fraud = end - 1;
  while (!ring.isFraud(fraud)) fraud--;
  out[10] = daysSince(timeMs, ring.timeAt(fraud));
}

function countFraud(ageMs: number, out: Float64Array): void {
  for (let index = 0; index < USUAL_FRAUD_DAYS.length; index++) {
    if (ageMs < (LABEL_DELAY_DAYS + (USUAL_FRAUD_DAYS[index] as number)) * DAY_MS) out[index] = (out[index] as number) + 1;
  }
}

function daysSince(nowMs: number, timeMs: number): number {
  return Math.min(HISTORY_DAYS, (nowMs - timeMs) / DAY_MS);
}
