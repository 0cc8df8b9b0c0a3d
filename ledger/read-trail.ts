import type { LedgerTransfer, MoneyTrail } from '@trancendos/contracts/ledger';
import { toInstant } from '@trancendos/platform/clock';
import type pg from 'pg';
import { readHold } from './read-holds.ts';
import { TRANSFER_COLUMNS, TRANSFER_JOINS, transferOfRow, type TransferRow } from './transfer-row.ts';

interface TransactionRow {
  readonly decision_id: string;
  readonly action: MoneyTrail['action'];
  readonly ledger_seq: string;
  readonly committed_at: Date;
  readonly transfer_id: string | null;
}

/** Captures, releases and reversals follow one another; nothing that can be reversed follows a reversal. */
const DEPTH_MAX = 3;
const TRANSFERS_MAX = 1_000;

/**
 * What was made with the decision itself, and whatever refers to it, directly or through another. `seq + 0`, because readers' pages come
 * in the order of an index: by position that index would give the whole journal, for a trail of two transfers.
 */
const TRAIL = `
  WITH RECURSIVE batch AS (SELECT * FROM ledger.batches WHERE seq = ledger.batch_of_entry($1)),
  trail (id, depth) AS (
    SELECT transfer.id, 0 FROM ledger.transfers AS transfer, batch
     WHERE transfer.seq BETWEEN batch.first_transfer_seq AND batch.first_transfer_seq + batch.transfers - 1 AND transfer.ledger_seq = $1
     UNION
    SELECT later.id, trail.depth + 1 FROM trail JOIN ledger.transfers AS later ON later.related_to = trail.id WHERE trail.depth < ${DEPTH_MAX})
  SELECT ${TRANSFER_COLUMNS}
    FROM (SELECT DISTINCT id FROM trail) AS found JOIN ledger.transfers AS transfer USING (id) ${TRANSFER_JOINS}
   ORDER BY transfer.seq + 0 LIMIT ${TRANSFERS_MAX}`;

/** Everything that one payment has done to money, from its decision on. Undefined where the ledger has not decided that transaction. */
export async function readTrail(pool: Pick<pg.Pool, 'query'>, merchantId: string, transactionId: string): Promise<MoneyTrail | undefined> {
  const { rows } = await pool.query<TransactionRow>(
    `SELECT decision_id, action, ledger_seq, committed_at, transfer_id FROM ledger.transactions
      WHERE merchant_id = $1 AND transaction_id = $2`,
    [merchantId, transactionId],
  );
  const [decided] = rows;
  if (!decided) return undefined;
  const trail = await pool.query<TransferRow>({ name: 'money-trail', text: TRAIL, values: [decided.ledger_seq] });
  const transfers = trail.rows.map(transferOfRow);
  const payment = decided.transfer_id === null ? undefined : `tr_${decided.transfer_id}`;
  return {
    merchant_id: merchantId,
    transaction_id: transactionId,
    decision_id: decided.decision_id,
    action: decided.action,
    ledger_seq: Number(decided.ledger_seq),
    committed_at: toInstant(decided.committed_at.getTime()),
    hold: (payment !== undefined && (await readHold(pool, payment))) || null,
    transfers,
    settled_minor: String(settled(transfers, payment)),
  };
}

/** What the payment and its captures have moved, less what reversals have given back. */
function settled(transfers: readonly LedgerTransfer[], payment: string | undefined): bigint {
  let minor = 0n;
  for (const { kind, transfer_id, amount_minor } of transfers) {
    if (kind === 'capture' || (kind === 'post' && transfer_id === payment)) minor += BigInt(amount_minor);
    if (kind === 'reversal') minor -= BigInt(amount_minor);
  }
  return minor;
}
