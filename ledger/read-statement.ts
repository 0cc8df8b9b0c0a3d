import type { StatementLine } from '@trancendos/contracts/ledger';
import type { Currency } from '@trancendos/contracts/money';
import type { TransferKind } from '@trancendos/contracts/transfer';
import { toInstant } from '@trancendos/platform/clock';
import type pg from 'pg';

/** Which part of an account's statement. */
export interface StatementQuery {
  readonly accountId: string;
  /** Recorded at or after, and before. */
  readonly from?: string | undefined;
  readonly until?: string | undefined;
  readonly order: 'newest_first' | 'oldest_first';
  /** The position at which the last page ended; the page begins behind it. */
  readonly afterSeq?: number | undefined;
  readonly limit: number;
}

interface LineRow {
  readonly id: string;
  readonly kind: TransferKind;
  readonly seq: string;
  readonly ledger_seq: string;
  readonly direction: 'debit' | 'credit';
  readonly other_account_id: string;
  readonly amount_minor: string;
  readonly currency: Currency;
  readonly merchant_id: string | null;
  readonly transaction_id: string | null;
  readonly related_to: string | null;
  readonly debits_posted: string;
  readonly credits_posted: string;
  readonly debits_pending: string;
  readonly credits_pending: string;
  readonly version: string;
  readonly effective_at: Date;
  readonly committed_at: Date;
}

const sideOf = (direction: 'debit' | 'credit', order: 'ASC' | 'DESC') => {
  const [role, other] = direction === 'debit' ? ['debtor', 'credit'] : ['creditor', 'debit'];
  return `(SELECT id, kind, seq, ledger_seq, '${direction}' AS direction, ${other}_account AS other_account, amount_minor, related_to,
                  ${role}_debits_posted AS debits_posted, ${role}_credits_posted AS credits_posted,
                  ${role}_debits_pending AS debits_pending, ${role}_credits_pending AS credits_pending,
                  ${role}_version AS version, effective_at, committed_at
             FROM ledger.transfers
            WHERE ${direction}_account = (SELECT number FROM asked)
              AND seq >= (SELECT first_seq FROM asked) AND seq <= (SELECT last_seq FROM asked)
            ORDER BY seq ${order} LIMIT $5)`;
};

/** Each side through its own index, so that a page costs the same wherever in the history it lies. */
const statement = (order: 'ASC' | 'DESC') => `
  WITH asked AS MATERIALIZED (
    SELECT number, currency,
           greatest(coalesce(ledger.transfer_seq_at($2::timestamptz - interval '1 microsecond') + 1, 1), $4::bigint) AS first_seq,
           least(coalesce(ledger.transfer_seq_at($3::timestamptz - interval '1 microsecond'), 9223372036854775807), $6::bigint) AS last_seq
      FROM ledger.accounts WHERE id = $1),
  page AS MATERIALIZED (
    SELECT * FROM (${sideOf('debit', order)} UNION ALL ${sideOf('credit', order)}) AS sides ORDER BY seq ${order} LIMIT $5)
  SELECT page.*, asked.currency, other.id AS other_account_id,
         coalesce(decided.merchant_id, held.merchant_id) AS merchant_id,
         coalesce(decided.transaction_id, held.transaction_id) AS transaction_id
    FROM asked CROSS JOIN page
    LEFT JOIN ledger.accounts AS other ON other.number = page.other_account
    LEFT JOIN ledger.transactions AS decided ON decided.ledger_seq = page.ledger_seq
    LEFT JOIN ledger.holds AS held ON held.id = page.related_to
   ORDER BY page.seq ${order}`;

const NEWEST_FIRST = statement('DESC');
const OLDEST_FIRST = statement('ASC');
const SEQ_MAX = '9223372036854775807';

/** One page of an account's statement; empty where there is no such account. */
export async function readStatement(pool: Pick<pg.Pool, 'query'>, query: StatementQuery): Promise<StatementLine[]> {
  const { accountId, from, until, order, afterSeq, limit } = query;
  const newestFirst = order === 'newest_first';
  const firstSeq = newestFirst || afterSeq === undefined ? 1 : afterSeq + 1;
  const lastSeq = newestFirst && afterSeq !== undefined ? afterSeq - 1 : SEQ_MAX;
  const values = [accountId, from ?? null, until ?? null, firstSeq, limit, lastSeq];
  const { rows } = await pool.query<LineRow>({ name: `statement-${order}`, text: newestFirst ? NEWEST_FIRST : OLDEST_FIRST, values });
  return rows.map(lineOfRow);
}

/**
 * A whole statement, page by page, so that memory stays small and no connection is held while the reader is slow. What is recorded after
 * its beginning is not in it.
 */
export async function* streamStatement(
  pool: Pick<pg.Pool, 'query'>,
  query: Omit<StatementQuery, 'afterSeq'>,
): AsyncGenerator<StatementLine[]> {
  const { rows } = await pool.query<{ last_transfer_seq: string }>('SELECT last_transfer_seq FROM ledger.writer');
  const lastSeq = Number(rows[0]?.last_transfer_seq ?? 0);
  for (let afterSeq = query.order === 'newest_first' ? lastSeq + 1 : 0; ;) {
    const page = await readStatement(pool, { ...query, afterSeq });
    const lines = page.filter(({ seq }) => seq <= lastSeq);
    if (lines.length > 0) yield lines;
    const end = page.at(-1);
    if (!end || page.length < query.limit || lines.length < page.length) return;
    afterSeq = end.seq;
  }
}

function lineOfRow(row: LineRow): StatementLine {
  return {
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
    related_to: row.related_to === null ? null : `tr_${row.related_to}`,
    after: {
      debits_posted: row.debits_posted,
      credits_posted: row.credits_posted,
      debits_pending: row.debits_pending,
      credits_pending: row.credits_pending,
      version: Number(row.version),
    },
    effective_at: toInstant(row.effective_at.getTime()),
    committed_at: toInstant(row.committed_at.getTime()),
  };
}
