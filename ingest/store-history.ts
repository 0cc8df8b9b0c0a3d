import { subjectOf, type HistoryTransaction } from '@trancendos/contracts/transaction';
import type { Publisher } from '@trancendos/platform/publish';
import type pg from 'pg';

/** Records of one merchant, in the order of their lines. */
export type HistoryBatch = readonly HistoryTransaction[];

export interface StoreParts {
  readonly pool: pg.Pool;
  readonly publisher: Pick<Publisher, 'publish'>;
}

/**
 * Publishes the records that are not known yet, then remembers them. In this order, so that a crash in between repeats some messages, which
 * readers drop by their id, and never leaves out any.
 */
export async function storeHistory(parts: StoreParts, batch: HistoryBatch): Promise<'stored'> {
  const fresh = await leaveOutKnown(parts.pool, batch);
  await Promise.all(fresh.map((record) => parts.publisher.publish('transactions', subjectOf(record.payer), record, record.request_id)));
  await remember(parts.pool, fresh);
  return 'stored';
}

async function leaveOutKnown(pool: pg.Pool, batch: HistoryBatch): Promise<HistoryTransaction[]> {
  const byId = new Map<string, HistoryTransaction>();
  for (const record of batch) if (!byId.has(record.transaction_id)) byId.set(record.transaction_id, record);
  const { rows } = await pool.query<{ transaction_id: string }>({
    name: 'known-history',
    text: 'SELECT transaction_id FROM ingest.transactions WHERE merchant_id = $1 AND transaction_id = ANY($2::text[])',
    values: [batch[0]?.merchant_id, [...byId.keys()]],
  });
  for (const { transaction_id } of rows) byId.delete(transaction_id);
  return [...byId.values()];
}

const INSERT = `
  INSERT INTO ingest.transactions (merchant_id, transaction_id, kind, subject, terminal_id, occurred_at)
  SELECT merchant_id, transaction_id, 'history', subject, terminal_id, occurred_at
  FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::timestamptz[])
    AS record (merchant_id, transaction_id, subject, terminal_id, occurred_at)
  ORDER BY merchant_id, transaction_id -- every writer takes its locks in this order
  ON CONFLICT DO NOTHING`;

async function remember(pool: pg.Pool, records: HistoryBatch): Promise<void> {
  if (records.length === 0) return;
  await pool.query({
    name: 'remember-history',
    text: INSERT,
    values: [
      records.map((record) => record.merchant_id),
      records.map((record) => record.transaction_id),
      records.map((record) => subjectOf(record.payer)),
      records.map((record) => record.terminal_id ?? null),
      records.map((record) => record.occurred_at),
    ],
  });
}
