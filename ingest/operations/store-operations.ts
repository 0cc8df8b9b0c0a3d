import type { LateDecision, TransactionAnswer } from '@trancendos/contracts/http';
import type { CommandOutcome, LedgerCommand } from '@trancendos/contracts/ledger-command';
import type { OperationKind } from '@trancendos/contracts/operation';
import type { PaymentTransaction } from '@trancendos/contracts/transaction';
import type pg from 'pg';

/** An operation as it is kept; one that the ledger has refused is none. */
export interface StoredOperation {
  readonly operation_id: string;
  readonly kind: OperationKind | 'expire';
  readonly status: 'pending' | 'applied';
  /** Null where the platform acted. */
  readonly request_id: string | null;
  readonly outcome: CommandOutcome | null;
}

/** A payment with all that is known of its money. */
export interface PaymentFile {
  readonly transaction: PaymentTransaction;
  /** Null while it is not decided. */
  readonly answer: TransactionAnswer | null;
  /** The first one first. */
  readonly operations: readonly StoredOperation[];
}

/** With the decision that came too late to count, if there was one. */
export interface WholeFile extends PaymentFile {
  readonly late: LateDecision | null;
}

/** Of a payment with the alias `t`: what has happened to its money, as a JSON array. */
export const OPERATIONS_SQL = `(
  SELECT coalesce(json_agg(json_build_object(
    'operation_id', o.operation_id, 'kind', o.kind, 'status', o.status, 'request_id', o.request_id, 'outcome', o.outcome
  ) ORDER BY o.ledger_seq NULLS LAST, o.asked_at), '[]')
  FROM ingest.operations o
  WHERE o.merchant_id = t.merchant_id AND o.transaction_id = t.transaction_id AND o.status <> 'refused')`;

/** The payment, or undefined where the merchant has none with that id. */
export async function findPayment(pool: Pick<pg.Pool, 'query'>, merchantId: string, transactionId: string): Promise<WholeFile | undefined> {
  const { rows } = await pool.query<WholeFile>({
    name: 'find-payment',
    text: `
      SELECT t.message AS transaction, a.body::json AS answer, ${OPERATIONS_SQL} AS operations, l.body AS late
      FROM ingest.transactions t LEFT JOIN ingest.answers a USING (merchant_id, transaction_id)
        LEFT JOIN ingest.late_decisions l USING (merchant_id, transaction_id)
      WHERE t.merchant_id = $1 AND t.transaction_id = $2 AND t.kind = 'payment'`,
    values: [merchantId, transactionId],
  });
  return rows[0];
}

/** An operation that a merchant asks for, before the ledger has seen it. */
export interface OperationClaim {
  readonly operationId: string;
  readonly merchantId: string;
  readonly transactionId: string;
  readonly kind: OperationKind;
  readonly idempotencyKey: string;
  readonly bodyHash: Buffer;
  readonly requestId: string;
  readonly command: LedgerCommand;
}

/** Keeps the operation, so that it is carried out whatever happens to this process. False where its key is taken, or another is under way. */
export async function claimOperation(pool: Pick<pg.Pool, 'query'>, claim: OperationClaim): Promise<boolean> {
  const { rowCount } = await pool.query({
    name: 'claim-operation',
    text: `
      INSERT INTO ingest.operations
        (operation_id, merchant_id, transaction_id, kind, status, idempotency_key, body_sha256, request_id, command)
      VALUES ($1, $2, $3, $4, 'pending', $5, $6, $7, $8) ON CONFLICT DO NOTHING`,
    values: [
      claim.operationId,
      claim.merchantId,
      claim.transactionId,
      claim.kind,
      claim.idempotencyKey,
      claim.bodyHash,
      claim.requestId,
      JSON.stringify(claim.command),
    ],
  });
  return rowCount === 1;
}

/** What is kept under an idempotency key. */
export interface KnownOperation {
  readonly operation_id: string;
  readonly kind: OperationKind;
  readonly transaction_id: string;
  readonly body_sha256: Buffer;
  readonly request_id: string;
  readonly command: LedgerCommand;
  /** Null while the ledger has not answered. */
  readonly answer: string | null;
}

export async function findByKey(pool: Pick<pg.Pool, 'query'>, merchantId: string, key: string): Promise<KnownOperation | undefined> {
  const { rows } = await pool.query<KnownOperation>({
    name: 'operation-by-key',
    text: `
      SELECT operation_id, kind, transaction_id, body_sha256, request_id, command, answer
      FROM ingest.operations WHERE merchant_id = $1 AND idempotency_key = $2`,
    values: [merchantId, key],
  });
  return rows[0];
}

/** What has become of an operation; undefined while the ledger has not answered. */
export async function findSettled(
  pool: Pick<pg.Pool, 'query'>,
  operationId: string,
): Promise<{ readonly answer: string } | { readonly refusedBy: CommandOutcome } | undefined> {
  const { rows } = await pool.query<{ status: string; answer: string | null; outcome: CommandOutcome | null }>({
    name: 'settled-operation',
    text: 'SELECT status, answer, outcome FROM ingest.operations WHERE operation_id = $1',
    values: [operationId],
  });
  const [row] = rows;
  if (row?.status === 'refused' && row.outcome) return { refusedBy: row.outcome };
  return row?.answer == null ? undefined : { answer: row.answer };
}
