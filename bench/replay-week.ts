import { topics } from '@trancendos/contracts/topics';
import type { Decision } from '@trancendos/contracts/decision';
import { historyRecordOf, requestOf, shiftToPast, type TrafficRow } from '@trancendos/local/traffic-rows';
import { TrafficClient } from '@trancendos/local/traffic-client';
import { LABEL_DELAY_DAYS, DAY_MS } from '@trancendos/models/features/feature-windows';
import type { TransactionRow } from '@trancendos/models/simulator/transaction-file';
import { connectEventLog, type EventLog } from '@trancendos/platform/event-log';
import { openLog } from '@trancendos/platform/log';
import { replayLog } from '@trancendos/scoring/replay-log';
import { pause } from '@trancendos/platform/clock';

/** A running platform that a stretch of payments is sent to. */
export interface WeekTarget {
  readonly api: string;
  readonly apiKey: string;
  readonly brokers: string;
}

export interface WeekOptions {
  readonly target: WeekTarget;
  /** In the order of time: history first. */
  readonly rows: readonly TransactionRow[];
  /** Rows from here on are payments; the ones before are imported. */
  readonly fromMs: number;
  readonly onProgress?: (done: number, of: number, what: string) => void;
}

const HISTORY_LINES = 20_000;
const IN_FLIGHT_MAX = 64;
const MERCHANT_ID = 'sandbox';

/** The rows as the platform is told of them: moved by whole weeks, so that no label lies in the future. */
export function toTraffic(rows: readonly TransactionRow[], run: string): TrafficRow[] {
  const last = rows.at(-1);
  const shiftMs = shiftToPast((last?.occurredAtMs ?? 0) + LABEL_DELAY_DAYS * DAY_MS, Date.now());
  return rows.map((row) => ({
    id: `${run}-${row.transactionId}`,
    occurredAtMs: row.occurredAtMs + shiftMs,
    customer: row.customerId,
    terminal: row.terminalId,
    amountMinor: row.amountMinor,
    fraud: row.fraud,
    labelKnownAtMs: (row.labelKnownAtMs ?? row.occurredAtMs + LABEL_DELAY_DAYS * DAY_MS) + shiftMs,
  }));
}

/**
 * Imports history and then pays what follows through the merchant API, and gives the decision of the event log on every payment. Payments
 * are under way side by side as long as neither their payer nor their terminal is the same: those keep the order of the file.
 */
export async function replayWeek({
  target,
  rows,
  fromMs,
  onProgress,
}: WeekOptions): Promise<{ rows: TrafficRow[]; decisions: Map<string, Decision> }> {
  const traffic = toTraffic(rows, `week-${Date.now().toString(36)}`);
  const firstPayment = rows.findIndex(({ occurredAtMs }) => occurredAtMs >= fromMs);
  const history = traffic.slice(0, firstPayment);
  const payments = traffic.slice(firstPayment);
  const merchant = { merchantId: MERCHANT_ID, apiKey: target.apiKey };
  const client = new TrafficClient({ api: target.api, signal: new AbortController().signal, onRetry: () => undefined });
  const log = openLog('bench', { LOG_LEVEL: 'fatal', LOG_FORMAT: 'json' });
  const eventLog = await connectEventLog({ brokers: target.brokers.split(','), service: 'bench', log });
  try {
    for (let start = 0; start < history.length; start += HISTORY_LINES) {
      const lines = history.slice(start, start + HISTORY_LINES).map((row) => historyRecordOf(row, Infinity));
      const imported = await client.history(merchant, lines);
      if (imported.kind !== 'ok' || imported.answer.rejected > 0) throw new Error(`history was not taken: ${JSON.stringify(imported)}`);
      onProgress?.(start + lines.length, history.length, 'imported');
    }
    await caughtUp(eventLog);
    await payInOrder(
      payments,
      async (row) => {
        const paid = await client.transaction(merchant, requestOf(row));
        if (paid.kind !== 'ok') throw new Error(`payment ${row.id} was not taken: ${JSON.stringify(paid)}`);
      },
      (done) => onProgress?.(done, payments.length, 'paid'),
    );
    await caughtUp(eventLog);
    return { rows: traffic, decisions: await readDecisions(eventLog, new Set(payments.map(({ id }) => id))) };
  } finally {
    await client.close();
    await eventLog.stop();
  }
}

async function payInOrder(
  rows: readonly TrafficRow[],
  pay: (row: TrafficRow) => Promise<void>,
  onDone: (done: number) => void,
): Promise<void> {
  const underWay = new Map<string, Promise<void>>();
  let done = 0;
  for (const row of rows) {
    const parties = [`C${row.customer}`, `T${row.terminal}`];
    while (underWay.size >= 2 * IN_FLIGHT_MAX) await Promise.race(underWay.values());
    const before = parties.map((party) => underWay.get(party));
    await Promise.all(before.filter((each) => each !== undefined));
    const paying = pay(row).then(() => {
      for (const party of parties) if (underWay.get(party) === paying) underWay.delete(party);
      onDone(++done);
    });
    for (const party of parties) underWay.set(party, paying);
  }
  await Promise.all(underWay.values());
}

/** Resolves when scoring has handled everything that is in the log. */
async function caughtUp(eventLog: EventLog): Promise<void> {
  for (;;) {
    const [committed, bounds] = await Promise.all([eventLog.committedOffsets('scoring', 'transactions'), eventLog.bounds('transactions')]);
    if ([...bounds].every(([partition, { high }]) => high === 0n || committed.get(partition) === high)) return;
    await pause(200);
  }
}

async function readDecisions(eventLog: EventLog, wanted: ReadonlySet<string>): Promise<Map<string, Decision>> {
  const decisions = new Map<string, Decision>();
  const bounds = await eventLog.bounds('decisions');
  await replayLog<'decisions'>({
    eventLog,
    ranges: [...bounds].map(([partition, { low, high }]) => ({ topic: 'decisions', partition, from: low, to: high })),
    handle: ({ value }) => {
      const { transaction_id } = value.transaction;
      if (value.actor === 'luminous' && wanted.has(transaction_id) && !decisions.has(transaction_id)) decisions.set(transaction_id, value);
    },
  });
  if (decisions.size < wanted.size)
    throw new Error(`${decisions.size} of ${wanted.size} payments have a decision on ${topics.decisions.name}`);
  return decisions;
}
