import type { KeptLabel } from '@trancendos/contracts/http';
import type { Label } from '@trancendos/contracts/label';
import type pg from 'pg';
import type { Refusal } from '../refusal.ts';

/** What only the transaction can tell. */
export type LabelFacts = Pick<Label, 'subject' | 'terminal_id' | 'occurred_at'>;
/** A statement as it came in. */
export interface StatedLabel {
  readonly label: Omit<Label, keyof LabelFacts> & Pick<KeptLabel, 'kind' | 'maturity'>;
  readonly idempotencyKey: string | null;
}

export interface LabelRow extends Omit<KeptLabel, 'known_at' | 'received_at' | 'status'> {
  readonly transaction_id: string;
  readonly known_at: Date;
  readonly received_at: Date;
  readonly parked: boolean;
  readonly published: boolean;
  readonly request_id: string;
  readonly message: Label;
}

export interface StoredLabel {
  readonly row: LabelRow;
  /** Undefined while it is parked. */
  readonly label: Label | undefined;
  readonly isRepeat: boolean;
}

const COLUMNS = `label_id, transaction_id, fraud, source, kind, maturity, known_at, received_at, parked, published, message,
  message->>'request_id' AS request_id`;
const PARKED_MAX = 10_000;
const PARKED_DAYS = 90;

/** The facts of a transaction of this merchant, a payment or history; undefined where there is none. */
export async function factsOf(pool: pg.Pool, merchantId: string, transactionId: string): Promise<LabelFacts | undefined> {
  const { rows } = await pool.query<{ subject: string; terminal_id: string | null; occurred_at: Date }>({
    name: 'label-facts',
    text: 'SELECT subject, terminal_id, occurred_at FROM ingest.transactions WHERE merchant_id = $1 AND transaction_id = $2',
    values: [merchantId, transactionId],
  });
  const [row] = rows;
  return row && { ...row, occurred_at: row.occurred_at.toISOString() };
}

const INSERT = `
  INSERT INTO ingest.labels
    (label_id, merchant_id, transaction_id, source, fraud, kind, maturity, known_at, idempotency_key, message, parked, received_at)
  SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12
  WHERE NOT $11 OR (SELECT count(*) FROM ingest.labels WHERE merchant_id = $2 AND parked) < ${PARKED_MAX}
  ON CONFLICT DO NOTHING
  RETURNING ${COLUMNS}`;

/** Keeps a label, parked where there are no facts; or finds the one that says the same. */
export async function storeLabel(
  pool: pg.Pool,
  { label, idempotencyKey }: StatedLabel,
  facts: LabelFacts | undefined,
): Promise<StoredLabel | Refusal> {
  const { label_id, merchant_id, transaction_id, source, fraud, kind, maturity, known_at, received_at } = label;
  const statement = [merchant_id, transaction_id, source, fraud, kind, maturity, known_at, idempotencyKey];
  const message = JSON.stringify({ ...label, ...facts });
  const { rows } = await pool.query<LabelRow>({
    name: 'store-label',
    text: INSERT,
    values: [label_id, ...statement, message, facts === undefined, received_at],
  });
  const [row] = rows;
  if (row) return storedOf(row, false);
  const before = await labelsBefore(pool, statement);
  const same = before.find((one) => isSame(one, label));
  if (same) return storedOf(same, true);
  return { refused: before.length > 0 ? 'idempotency_key_reused' : 'too_many_parked' };
}

/** The labels that were there before: the same statement, or another one under the same key. */
async function labelsBefore(pool: pg.Pool, statement: readonly unknown[]): Promise<LabelRow[]> {
  const { rows } = await pool.query<LabelRow>({
    name: 'labels-before',
    text: `SELECT ${COLUMNS} FROM ingest.labels
           WHERE merchant_id = $1 AND
             ((transaction_id = $2 AND source = $3 AND fraud = $4 AND kind = $5 AND maturity = $6 AND known_at = $7) OR idempotency_key = $8)`,
    values: [...statement],
  });
  return rows;
}

function isSame(row: LabelRow, label: StatedLabel['label']): boolean {
  const fields = ['transaction_id', 'source', 'fraud', 'kind', 'maturity'] as const;
  return fields.every((field) => row[field] === label[field]) && row.known_at.toISOString() === label.known_at;
}

function storedOf(row: LabelRow, isRepeat: boolean): StoredLabel {
  return { row, label: row.parked ? undefined : row.message, isRepeat };
}

/** A label as merchants see it. */
export function renderLabel(row: LabelRow): KeptLabel {
  const { label_id, fraud, source, kind, maturity, known_at, received_at, parked } = row;
  const times = { known_at: known_at.toISOString(), received_at: received_at.toISOString() };
  return { label_id, fraud, source, kind, maturity, ...times, status: parked ? 'parked' : 'counted' };
}

export async function notePublished(pool: pg.Pool, labels: readonly Label[]): Promise<void> {
  await pool.query({
    name: 'labels-published',
    text: `UPDATE ingest.labels l SET published = true, parked = false, message = done.message
           FROM unnest($1::text[], $2::json[]) AS done (label_id, message) WHERE l.label_id = done.label_id`,
    values: [labels.map(({ label_id }) => label_id), labels.map((label) => JSON.stringify(label))],
  });
}

/** The labels of a transaction, the last one first. */
export async function listLabels(pool: pg.Pool, merchantId: string, transactionId: string): Promise<KeptLabel[]> {
  const { rows } = await pool.query<LabelRow>({
    name: 'list-labels',
    text: `SELECT ${COLUMNS} FROM ingest.labels WHERE merchant_id = $1 AND transaction_id = $2 ORDER BY label_id DESC LIMIT 100`,
    values: [merchantId, transactionId],
  });
  return rows.map(renderLabel);
}

const UNFINISHED_MAX = 500;

/**
 * Labels that are to be published: of transactions that have come since they were parked, and those whose process died before it published
 * them. Given in the order in which they came, so that the last one of a transaction holds.
 */
export async function findUnfinishedLabels(pool: pg.Pool): Promise<Label[]> {
  const { rows } = await pool.query<{ message: Label; subject: string; terminal_id: string | null; occurred_at: Date }>({
    name: 'unfinished-labels',
    text: `SELECT l.message, t.subject, t.terminal_id, t.occurred_at
           FROM (
             SELECT * FROM ingest.labels WHERE parked
             UNION ALL
             SELECT * FROM ingest.labels
             WHERE NOT published AND NOT parked AND received_at < clock_timestamp() - interval '5 seconds'
           ) l JOIN ingest.transactions t USING (merchant_id, transaction_id)
           ORDER BY l.label_id LIMIT ${UNFINISHED_MAX}`,
  });
  return rows.map(({ message, subject, terminal_id, occurred_at }) => ({
    ...message,
    subject,
    terminal_id,
    occurred_at: occurred_at.toISOString(),
  }));
}

/** Forgets labels whose transactions have not come for 90 days. */
export async function forgetParkedLabels(pool: pg.Pool): Promise<void> {
  await pool.query(`DELETE FROM ingest.labels WHERE parked AND received_at < now() - interval '${PARKED_DAYS} days'`);
}
