import type { Answered, TrafficClient } from './traffic-client.ts';
import { merchantOfTerminal, type DemoMerchant } from './traffic-keys.ts';
import { historyRecordOf, terminalOf, type TrafficRow } from './traffic-rows.ts';
import { HISTORY_DAYS, type Timeline } from './traffic-timeline.ts';

export interface WarmUpOptions {
  readonly timeline: Timeline;
  readonly merchants: readonly DemoMerchant[];
  readonly client: Pick<TrafficClient, 'history'>;
  /** Days that were imported before. */
  readonly fromDay: number;
  /** Called after each day that is imported. */
  readonly onDay: (daysDone: number, records: number) => Promise<void>;
  readonly signal: AbortSignal;
}

/**
 * Imports the first days of a timeline as history: a day at a time, all merchants at once, so that every payer's days come in order.
 * Records carry the labels that are known by the end of history. Throws when the API refuses a record.
 */
export async function warmUp(options: WarmUpOptions): Promise<void> {
  const { timeline, signal } = options;
  for (let day = options.fromDay; day < HISTORY_DAYS && !signal.aborted; day++) {
    const rows: TrafficRow[] = [];
    for (let row = timeline.firstRowOfDay(day); row < timeline.firstRowOfDay(day + 1); row++) rows.push(timeline.row(row));
    const isDone = await importDay(options, rows);
    if (isDone) await options.onDay(day + 1, rows.length);
  }
}

async function importDay(options: WarmUpOptions, rows: readonly TrafficRow[]): Promise<boolean> {
  const byMerchant = Map.groupBy(rows, (row) => merchantOfTerminal(options.merchants, terminalOf(row)));
  const knownByMs = options.timeline.historyEndMs();
  const imports = [...byMerchant].map(async ([merchant, records]) => {
    const answered = await options.client.history(
      merchant,
      records.map((row) => historyRecordOf(row, knownByMs)),
    );
    return isImported(answered);
  });
  return (await Promise.all(imports)).every(Boolean);
}

function isImported(answered: Answered<{ rejected: number; errors: readonly { code: string; detail: string }[] }>): boolean {
  if (answered.kind === 'stopped') return false;
  if (answered.kind === 'refused') throw new Error(`history was refused: ${answered.code}`);
  const [error] = answered.answer.errors;
  if (error) throw new Error(`${answered.answer.rejected} records of history were refused, the first: ${error.code}, ${error.detail}`);
  return true;
}
