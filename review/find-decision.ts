import type { ArchivedDecision, ArchivedLabel } from '@trancendos/contracts/archive';
import type { Decision } from '@trancendos/contracts/decision';
import type { LabelKind, LabelMaturity, LabelSource } from '@trancendos/contracts/label';
import type { Outcome } from '@trancendos/contracts/outcome';
import type pg from 'pg';

type Pool = Pick<pg.Pool, 'query'>;

interface FoundRow {
  readonly merchant_id: string;
  readonly transaction_id: string;
  readonly measured_fraud: boolean | null;
  readonly body: Outcome;
}

const COLUMNS = 'merchant_id, transaction_id, measured_fraud, body';
/** An id is made when it is decided, and committed soon after; the clocks of two machines may differ a little. */
const BY_DECISION = (until: string) => `
  SELECT ${COLUMNS} FROM review.decisions
  WHERE decision_id = $1 AND committed_at >= $2::timestamptz - interval '1 hour' AND committed_at < ${until} LIMIT 1`;
const SOON = BY_DECISION(`$2::timestamptz + interval '1 day'`);
const EVER = BY_DECISION(`'infinity'`);
const BY_TRANSACTION = `SELECT ${COLUMNS} FROM review.decisions WHERE transaction_id = $1 AND merchant_id = $2 LIMIT 1`;

/** The decision with that id; undefined where none is kept. */
export async function findDecision(pool: Pool, decisionId: string): Promise<ArchivedDecision | undefined> {
  const uuid = decisionId.slice('dec_'.length);
  const values = [uuid, timeOf(uuid)];
  const found = (await firstOf(pool, SOON, values)) ?? (await firstOf(pool, EVER, values));
  return found && complete(pool, found);
}

/** The decision that counted for a merchant's transaction; undefined where none is kept. One look into the index of every day. */
export async function findTransaction(pool: Pool, merchantId: string, transactionId: string): Promise<ArchivedDecision | undefined> {
  const found = await firstOf(pool, BY_TRANSACTION, [transactionId, merchantId]);
  return found && complete(pool, found);
}

/** When a UUIDv7 was made: its first 48 bits are the milliseconds since the epoch (RFC 9562). */
function timeOf(uuid: string): Date {
  return new Date(Number.parseInt(uuid.replaceAll('-', '').slice(0, 12), 16));
}

async function firstOf(pool: Pool, text: string, values: readonly unknown[]): Promise<FoundRow | undefined> {
  const { rows } = await pool.query<FoundRow>(text, [...values]);
  return rows[0];
}

async function complete(pool: Pool, { merchant_id, transaction_id, measured_fraud, body }: FoundRow): Promise<ArchivedDecision> {
  const [labels, lateDecisions] = await Promise.all([
    readLabels(pool, merchant_id, transaction_id),
    readLateDecisions(pool, merchant_id, transaction_id),
  ]);
  return { outcome: body, label: labels[0] ?? null, measured_fraud, labels, late_decisions: lateDecisions };
}

interface LabelRow {
  readonly label_id: string;
  readonly fraud: boolean;
  readonly source: LabelSource;
  readonly kind: LabelKind;
  readonly maturity: LabelMaturity;
  readonly known_at: Date;
  readonly received_at: Date;
}
const LABELS_MAX = 100;
const LATE_MAX = 10;

/** The newest labels of a transaction, the last one first, each with the one before that it corrects. */
async function readLabels(pool: Pool, merchantId: string, transactionId: string): Promise<ArchivedLabel[]> {
  const { rows } = await pool.query<LabelRow>(
    `SELECT label_id, fraud, source, kind, maturity, known_at, received_at FROM review.labels
     WHERE transaction_id = $1 AND merchant_id = $2 ORDER BY label_id DESC LIMIT ${LABELS_MAX + 1}`,
    [transactionId, merchantId],
  );
  return rows.slice(0, LABELS_MAX).map((row, place) => {
    const before = rows[place + 1];
    return {
      ...row,
      label_id: `lab_${row.label_id}`,
      known_at: row.known_at.toISOString(),
      received_at: row.received_at.toISOString(),
      corrects: before && before.fraud !== row.fraud ? `lab_${before.label_id}` : null,
    };
  });
}

async function readLateDecisions(pool: Pool, merchantId: string, transactionId: string): Promise<Decision[]> {
  const { rows } = await pool.query<{ body: Decision }>(
    `SELECT body FROM review.late_decisions WHERE transaction_id = $1 AND merchant_id = $2 ORDER BY decision_id LIMIT ${LATE_MAX}`,
    [transactionId, merchantId],
  );
  return rows.map(({ body }) => body);
}
