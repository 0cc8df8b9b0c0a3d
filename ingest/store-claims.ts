import { subjectOf, type PaymentTransaction } from '@trancendos/contracts/transaction';
import { bytesColumn, jsonColumn, textColumn, timestampColumn } from '@trancendos/platform/encode-columns';
import type pg from 'pg';
import { hashRequest } from './hash-request.ts';

/** A payment that wants to be the one under its idempotency key and its transaction id. */
export interface Claim {
  readonly idempotencyKey: string;
  /** SHA-256 of the body as `hashRequest` makes it. */
  readonly bodyHash: Buffer;
  readonly transaction: PaymentTransaction;
}

export type Claimed =
  | { readonly kind: 'new'; readonly transaction: PaymentTransaction }
  /** The same request came before: this is the transaction as it was accepted then, with its answer where there is one. */
  | { readonly kind: 'repeated'; readonly transaction: PaymentTransaction; readonly answer: string | undefined }
  /** The same transaction came before under another key. */
  | { readonly kind: 'duplicate'; readonly transaction: PaymentTransaction; readonly answer: string | undefined }
  /** The key belongs to another body. */
  | { readonly kind: 'key_reused' }
  /** The transaction id belongs to other facts, or to imported history. */
  | { readonly kind: 'id_reused' };

interface KnownRow {
  readonly merchant_id: string;
  readonly transaction_id: string;
  readonly idempotency_key: string | null;
  readonly body_sha256: Buffer | null;
  readonly message: PaymentTransaction | null;
  readonly answer: string | null;
  /** Found by its key, else by its id. */
  readonly by_key: boolean;
}

/**
 * Claims a group of payments in one statement, and looks up the ones that were there before in a second, where there are any. One result
 * per claim, in order; of equal claims within the group the first wins. What is claimed is not lost with this
 * process; a crash of the database may take the claims of its last moments, which the ledger makes harmless.
 */
export async function storeClaims(pool: pg.Pool, claims: readonly Claim[]): Promise<readonly Claimed[]> {
  const first = firstOfEachName(claims);
  const inserted = await insert(pool, [...first]);
  const isNew = (claim: Claim) => first.has(claim) && (inserted === 'all' || inserted.has(idName(claim)));
  const known = await lookUp(
    pool,
    claims.filter((claim) => !isNew(claim)),
  );
  return claims.map((claim) => (isNew(claim) ? { kind: 'new', transaction: claim.transaction } : compare(claim, known)));
}

/** The claims whose key and id no earlier claim of the group has. */
function firstOfEachName(claims: readonly Claim[]): Set<Claim> {
  const taken = new Set<string>();
  const first = new Set<Claim>();
  for (const claim of claims) {
    const names = [idName(claim), keyName(claim)];
    if (!names.some((name) => taken.has(name))) first.add(claim);
    for (const name of names) taken.add(name);
  }
  return first;
}

/** The names of those that were not there before. */
async function insert(pool: pg.Pool, claims: readonly Claim[]): Promise<ReadonlySet<string> | 'all'> {
  const transactions = claims.map(({ transaction }) => transaction);
  const { rows } = await pool.query<{ claimed_merchant: string; claimed_id: string }>({
    name: 'claim',
    text: 'SELECT * FROM ingest.claim_payments($1, $2, $3, $4, $5, $6, $7, $8)',
    values: [
      textColumn(transactions, (transaction) => transaction.merchant_id),
      textColumn(transactions, (transaction) => transaction.transaction_id),
      textColumn(transactions, (transaction) => subjectOf(transaction.payer)),
      textColumn(transactions, (transaction) => transaction.terminal_id ?? null),
      timestampColumn(transactions, (transaction) => Date.parse(transaction.occurred_at)),
      textColumn(claims, (claim) => claim.idempotencyKey),
      bytesColumn(claims, (claim) => claim.bodyHash),
      jsonColumn(transactions, (transaction) => JSON.stringify(transaction)),
    ],
  });
  if (rows.length === claims.length) return 'all';
  return new Set(rows.map((row) => nameOf(row.claimed_merchant, 'id', row.claimed_id)));
}

const LOOK_UP = `
  WITH claim AS (SELECT * FROM unnest($1::text[], $2::text[], $3::text[]) AS c (merchant_id, transaction_id, idempotency_key)),
  known AS (
    SELECT t.merchant_id, t.transaction_id, t.idempotency_key, t.body_sha256, t.message, false AS by_key
    FROM claim JOIN ingest.transactions t USING (merchant_id, transaction_id)
    UNION ALL
    SELECT t.merchant_id, t.transaction_id, k.idempotency_key, k.body_sha256, t.message, true AS by_key
    FROM claim JOIN ingest.idempotency_keys k USING (merchant_id, idempotency_key)
      JOIN ingest.transactions t ON t.merchant_id = k.merchant_id AND t.transaction_id = k.transaction_id
  )
  SELECT known.*, answers.body AS answer FROM known LEFT JOIN ingest.answers USING (merchant_id, transaction_id)`;

async function lookUp(pool: pg.Pool, claims: readonly Claim[]): Promise<Map<string, KnownRow>> {
  const known = new Map<string, KnownRow>();
  if (claims.length === 0) return known;
  const { rows } = await pool.query<KnownRow>({
    name: 'look-up-claims',
    text: LOOK_UP,
    values: [
      claims.map(({ transaction }) => transaction.merchant_id),
      claims.map(({ transaction }) => transaction.transaction_id),
      claims.map((claim) => claim.idempotencyKey),
    ],
  });
  for (const row of rows) {
    if (!row.by_key) known.set(nameOf(row.merchant_id, 'id', row.transaction_id), row);
    else if (row.idempotency_key !== null) known.set(nameOf(row.merchant_id, 'key', row.idempotency_key), row);
  }
  return known;
}

function compare(claim: Claim, known: ReadonlyMap<string, KnownRow>): Claimed {
  const sameKey = known.get(keyName(claim));
  if (sameKey?.message && sameKey.body_sha256) {
    if (!sameKey.body_sha256.equals(claim.bodyHash)) return { kind: 'key_reused' };
    return { kind: 'repeated', transaction: sameKey.message, answer: sameKey.answer ?? undefined };
  }
  return compareById(claim, known.get(idName(claim)));
}

function compareById(claim: Claim, sameId: KnownRow | undefined): Claimed {
  if (sameId?.message && sameId.body_sha256?.equals(claim.bodyHash)) {
    // A key that is gone with its day is still that of its transaction.
    const kind = sameId.idempotency_key === claim.idempotencyKey ? 'repeated' : 'duplicate';
    return { kind, transaction: sameId.message, answer: sameId.answer ?? undefined };
  }
  if (sameId) return { kind: 'id_reused' };
  throw new Error('a claim met a conflict that is not there');
}

const idName = ({ transaction }: Claim) => nameOf(transaction.merchant_id, 'id', transaction.transaction_id);
const keyName = (claim: Claim) => nameOf(claim.transaction.merchant_id, 'key', claim.idempotencyKey);

/** Neither merchants' ids nor transactions' ids hold a space. */
function nameOf(merchantId: string, kind: 'id' | 'key', name: string): string {
  return `${merchantId} ${kind} ${name}`;
}

/** Remembers payments whose claims are lost, by their outcomes: that a crash has taken them must not make them unknown. */
export async function restoreClaims(pool: pg.Pool, transactions: readonly PaymentTransaction[]): Promise<void> {
  await pool.query({
    name: 'restore-claims',
    text: `
      INSERT INTO ingest.transactions
        (merchant_id, transaction_id, kind, subject, terminal_id, occurred_at, idempotency_key, body_sha256, message)
      SELECT merchant_id, transaction_id, 'payment', subject, terminal_id, occurred_at, transaction_id, body_sha256, message
      FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::timestamptz[], $6::bytea[], $7::json[])
        AS lost (merchant_id, transaction_id, subject, terminal_id, occurred_at, body_sha256, message)
      ORDER BY 1, 2 ON CONFLICT DO NOTHING`,
    values: [
      transactions.map((transaction) => transaction.merchant_id),
      transactions.map((transaction) => transaction.transaction_id),
      transactions.map((transaction) => subjectOf(transaction.payer)),
      transactions.map((transaction) => transaction.terminal_id ?? null),
      transactions.map((transaction) => transaction.occurred_at),
      transactions.map(hashTransaction),
      transactions.map((transaction) => JSON.stringify(transaction)),
    ],
  });
}

/** The hash of the body that the payment was sent with. */
function hashTransaction(transaction: PaymentTransaction): Buffer {
  const added = { kind: undefined, merchant_id: undefined, request_id: undefined, received_at: undefined };
  return hashRequest({ ...transaction, ...added });
}
