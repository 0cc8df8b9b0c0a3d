import { nowMs } from '@trancendos/platform/clock';
import { rest, type Pace } from './traffic-pace.ts';

export interface OpenLoopOptions<Row> {
  readonly pace: Pace;
  /** Sends one row; `dueMs` is when it was due on the clock of `nowMs`. Never rejects. */
  readonly send: (row: Row, dueMs: number) => Promise<void>;
  /** Most rows without an answer. When they are reached the platform is away, and sending waits. */
  readonly inFlightMax: number;
  readonly signal: AbortSignal;
}

/** Sends each row when it is due, whether or not the ones before it are answered. Resolves when the last one is, or `signal` is aborted. */
export async function sendOpenLoop<Row>(rows: Iterable<Row> | AsyncIterable<Row>, options: OpenLoopOptions<Row>): Promise<void> {
  const { pace, send, inFlightMax, signal } = options;
  const inFlight = new Set<Promise<void>>();
  for await (const row of rows) {
    const dueMs = pace.nextDueMs(nowMs());
    const earlyMs = dueMs - nowMs();
    if (earlyMs > 0) await rest(earlyMs, signal);
    while (inFlight.size >= inFlightMax && !signal.aborted) await Promise.race(inFlight);
    if (signal.aborted) break;
    const sending = send(row, dueMs).finally(() => inFlight.delete(sending));
    inFlight.add(sending);
  }
  await Promise.all(inFlight);
}
