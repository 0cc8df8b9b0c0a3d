import { toInstant } from '@trancendos/platform/clock';
import type pg from 'pg';

/** One line of an account's statement. Amounts and counters in minor units, as digits. */
export interface AccountTransfer {
  readonly transfer_id: string;
  readonly kind: string;
  /** Gapless position among all transfers. */
  readonly seq: number;
  /** Position of the outcome that it belongs to. */
  readonly ledger_seq: number;
  readonly direction: 'debit' | 'credit';
  readonly other_account_id: string;
  readonly amount_minor: string;
  readonly currency: string;
  /** The transaction that it was decided for; null where a command or the ledger itself made it. */
  readonly merchant_id: string | null;
  readonly transaction_id: string | null;
  /** The account's counters after it. */
  readonly after: {
    readonly debits_posted: string;
    readonly credits_posted: string;
    readonly debits_pending: string;
    readonly credits_pending: string;
  };
  readonly committed_at: string;
}

interface TransferRow {
  readonly id: string;
  readonly kind: string;
  readonly seq: string;
  readonly ledger_seq: string;
  readonly direction: 'debit' | 'credit';
  readonly other_account_id: string;
  readonly amount_minor: string;
  readonly currency: string;
  readonly merchant_id: string | null;
  readonly transaction_id: string | null;
  readonly debits_posted: string;
  readonly credits_posted: string;
  readonly debits_pending: string;
  readonly credits_pending: string;
  readonly committed_at: Date;
}

/** The newest transfers of either side, through the index of that side. */
const sideOf = (direction: 'debit' | 'credit') => {
  const [role, other] = direction === 'debit' ? ['debtor', 'credit'] : ['creditor', 'debit'];
  return `(SELECT id, kind, seq, ledger_seq, '${direction}' AS direction, ${other}_account AS other_account, amount_minor,
                  ${role}_debits_posted AS debits_posted, ${role}_credits_posted AS credits_posted,
                  ${role}_debits_pending AS debits_pending, ${role}_credits_pending AS credits_pending, committed_at
             FROM ledger.transfers
            WHERE ${direction}_account = (SELECT number FROM ledger.accounts WHERE id = $1) ORDER BY seq DESC LIMIT $2)`;
};

const NEWEST = `
  WITH newest AS (SELECT * FROM (${sideOf('debit')} UNION ALL ${sideOf('credit')}) AS sides ORDER BY seq DESC LIMIT $2)
  SELECT newest.*, other.id AS other_account_id, other.currency, merchant_id, transaction_id
    FROM newest
    JOIN ledger.accounts AS other ON other.number = newest.other_account
    LEFT JOIN ledger.transactions ON transactions.ledger_seq = newest.ledger_seq
   ORDER BY seq DESC`;

/** The newest transfers of an account, newest first, at most `limit`. */
export async function readTransfers(pool: Pick<pg.Pool, 'query'>, accountId: string, limit: number): Promise<AccountTransfer[]> {
  const { rows } = await pool.query<TransferRow>(NEWEST, [accountId, limit]);
  return rows.map((row) => ({
    transfer_id: `tr_${row.id}`,
    kind: row.kind,
    seq: Number(row.seq),
    ledger_seq: Number(row.ledger_seq),
    direction: row.direction,
    other_account_id: row.other_account_id,
    amount_minor: row.amount_minor,
    currency: row.currency,
    merchant_id: row.merchant_id,
    transaction_id: row.transaction_id,
    after: {
      debits_posted: row.debits_posted,
      credits_posted: row.credits_posted,
      debits_pending: row.debits_pending,
      credits_pending: row.credits_pending,
    },
    committed_at: toInstant(row.committed_at.getTime()),
  }));
}
