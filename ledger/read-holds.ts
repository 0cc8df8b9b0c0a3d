import type { ExpiryPolicy } from '@trancendos/contracts/balance';
import type { LedgerHold } from '@trancendos/contracts/ledger';
import type { Currency } from '@trancendos/contracts/money';
import type { HoldStatus } from '@trancendos/contracts/transfer';
import { toInstant } from '@trancendos/platform/clock';
import type pg from 'pg';

export interface HoldQuery {
  /** Holds on either side of that account; by default of all. */
  readonly accountId?: string | undefined;
  readonly expiresBefore?: string | undefined;
  /** The last hold of the page before: the page begins behind it. */
  readonly after?: { readonly expiresAt: string; readonly holdId: string } | undefined;
  readonly limit: number;
}

export interface HoldRow {
  readonly id: string;
  readonly status: HoldStatus;
  readonly amount_minor: string;
  readonly remaining_minor: string;
  readonly captured_minor: string;
  readonly currency: Currency;
  readonly debit_id: string;
  readonly credit_id: string;
  readonly on_expiry: ExpiryPolicy;
  readonly placed_at: Date;
  readonly changed_at: Date;
  readonly expires_at: Date;
  readonly placed_seq: string;
  readonly ledger_seq: string;
  readonly merchant_id: string | null;
  readonly transaction_id: string | null;
}

const HOLD_COLUMNS = `
  hold.id, hold.status, hold.amount_minor, hold.remaining_minor, hold.captured_minor, debtor.currency, debtor.id AS debit_id,
  creditor.id AS credit_id, hold.on_expiry, hold.placed_at, hold.changed_at, hold.expires_at, hold.placed_seq, hold.ledger_seq,
  hold.merchant_id, hold.transaction_id`;
const HOLD_JOINS = `
  JOIN ledger.accounts AS debtor ON debtor.number = hold.debit_account
  JOIN ledger.accounts AS creditor ON creditor.number = hold.credit_account`;

const AFTER = `status = 'open' AND ($1::timestamptz IS NULL OR expires_at < $1) AND ($2::timestamptz IS NULL OR (expires_at, id) > ($2, $3::uuid))`;
const ofAccount = (side: 'debit' | 'credit') =>
  `(SELECT * FROM ledger.holds WHERE ${side}_account = (SELECT number FROM ledger.accounts WHERE id = $5) AND ${AFTER}
     ORDER BY expires_at, id LIMIT $4)`;
const select = (from: string) => `SELECT ${HOLD_COLUMNS} FROM ${from} AS hold ${HOLD_JOINS} ORDER BY hold.expires_at, hold.id`;

const OF_ALL = select(`(SELECT * FROM ledger.holds WHERE ${AFTER} ORDER BY expires_at, id LIMIT $4)`);
const OF_ACCOUNT = select(
  `(SELECT * FROM (${ofAccount('debit')} UNION ALL ${ofAccount('credit')}) AS sides ORDER BY expires_at, id LIMIT $4)`,
);

/** Open holds, those that expire first in front. */
export async function readOpenHolds(pool: Pick<pg.Pool, 'query'>, query: HoldQuery): Promise<LedgerHold[]> {
  const { accountId, expiresBefore, after, limit } = query;
  const values = [expiresBefore ?? null, after?.expiresAt ?? null, after?.holdId.slice('tr_'.length) ?? null, limit];
  const { rows } = await pool.query<HoldRow>(
    accountId === undefined ? OF_ALL : OF_ACCOUNT,
    accountId === undefined ? values : [...values, accountId],
  );
  return rows.map(holdOfRow);
}

/** The hold with that id, whatever has become of it. */
export async function readHold(pool: Pick<pg.Pool, 'query'>, holdId: string): Promise<LedgerHold | undefined> {
  const { rows } = await pool.query<HoldRow>(`SELECT ${HOLD_COLUMNS} FROM ledger.holds AS hold ${HOLD_JOINS} WHERE hold.id = $1`, [
    holdId.slice('tr_'.length),
  ]);
  return rows[0] && holdOfRow(rows[0]);
}

function holdOfRow(row: HoldRow): LedgerHold {
  return {
    hold_id: `tr_${row.id}`,
    status: row.status,
    amount_minor: row.amount_minor,
    remaining_minor: row.remaining_minor,
    captured_minor: row.captured_minor,
    expires_at: toInstant(row.expires_at.getTime()),
    merchant_id: row.merchant_id,
    transaction_id: row.transaction_id,
    debit_account_id: row.debit_id,
    credit_account_id: row.credit_id,
    currency: row.currency,
    on_expiry: row.on_expiry,
    placed_at: toInstant(row.placed_at.getTime()),
    changed_at: toInstant(row.changed_at.getTime()),
    placed_seq: Number(row.placed_seq),
    ledger_seq: Number(row.ledger_seq),
  };
}
