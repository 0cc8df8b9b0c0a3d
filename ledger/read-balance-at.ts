import type { BalanceAt } from '@trancendos/contracts/ledger';
import type { Currency } from '@trancendos/contracts/money';
import { nowMs, toInstant } from '@trancendos/platform/clock';
import type pg from 'pg';
import { PENDING_SQL, POSTED_SQL } from './transfer-effect.ts';

/** The two axes of time: what was known when, about when. */
export interface BalanceMoment {
  /** What was recorded by then counts; by default everything. */
  readonly recordedAt?: string | undefined;
  /** What was in effect by then counts; by default everything that was recorded. */
  readonly effectiveAt?: string | undefined;
}

interface BalanceRow {
  readonly currency: Currency;
  readonly transfer_seq: string;
  readonly debits_posted: string;
  readonly credits_posted: string;
  readonly debits_pending: string;
  readonly credits_pending: string;
}

/** Dated apart from their recording, as the index over them has it. */
const DATED_APART = `(committed_at - transfers.effective_at > interval '500 ms' OR transfers.effective_at > committed_at)`;

/** By values and not by a join, so that the index gives the last one: joined, all of a busy account's transfers would be sorted for it. */
const lastOf = (role: 'debtor' | 'creditor', side: 'debit' | 'credit') => `
  (SELECT seq, ${role}_debits_posted AS debits_posted, ${role}_credits_posted AS credits_posted,
          ${role}_debits_pending AS debits_pending, ${role}_credits_pending AS credits_pending
     FROM ledger.transfers
    WHERE ${side}_account = (SELECT number FROM asked) AND seq <= (SELECT base_seq FROM asked) ORDER BY seq DESC LIMIT 1)`;

/**
 * Transfers that the base lacks, or has too much: those whose effective time is on the other side of the asked one than their recording.
 * `seq + 0` keeps the planner from the index by position, which finds nearly all of a busy account where that of those dated apart finds few.
 */
const correctionsOf = (side: 'debit' | 'credit') => `
  (SELECT '${side}' AS side, -${POSTED_SQL} AS posted, -${PENDING_SQL} AS pending FROM ledger.transfers, asked
    WHERE ${side}_account = asked.number AND ${DATED_APART} AND transfers.effective_at > asked.effective_at AND seq <= asked.base_seq)
  UNION ALL
  (SELECT '${side}', ${POSTED_SQL}, ${PENDING_SQL} FROM ledger.transfers, asked
    WHERE ${side}_account = asked.number AND transfers.effective_at <= asked.effective_at
      AND seq > asked.base_seq AND seq <= least(asked.soon_seq, asked.recorded_seq))
  UNION ALL
  (SELECT '${side}', ${POSTED_SQL}, ${PENDING_SQL} FROM ledger.transfers, asked
    WHERE ${side}_account = asked.number AND ${DATED_APART} AND transfers.effective_at <= asked.effective_at
      AND seq + 0 > greatest(asked.soon_seq, asked.base_seq) AND seq + 0 <= asked.recorded_seq)`;

/**
 * The counters after the last transfer that was recorded by both times, corrected by the few whose effective time lies elsewhere. Most take
 * effect within half a second before they are recorded: those are found by position, the others by an index of their own.
 */
const BALANCE_AT = `
  WITH times AS (
    SELECT number, currency, $3::timestamptz AS effective_at,
           CASE WHEN $2::timestamptz IS NULL THEN (SELECT last_transfer_seq FROM ledger.writer)
                ELSE ledger.transfer_seq_at($2) END AS recorded_seq,
           ledger.transfer_seq_at($3) AS effective_seq, ledger.transfer_seq_at($3::timestamptz + interval '500 ms') AS soon_seq
      FROM ledger.accounts WHERE id = $1),
  asked AS MATERIALIZED (SELECT *, least(recorded_seq, coalesce(effective_seq, recorded_seq)) AS base_seq FROM times),
  base AS (SELECT * FROM (${lastOf('debtor', 'debit')} UNION ALL ${lastOf('creditor', 'credit')}) AS sides ORDER BY seq DESC LIMIT 1),
  corrections AS (
    SELECT coalesce(sum(posted) FILTER (WHERE side = 'debit'), 0) AS debits_posted,
           coalesce(sum(posted) FILTER (WHERE side = 'credit'), 0) AS credits_posted,
           coalesce(sum(pending) FILTER (WHERE side = 'debit'), 0) AS debits_pending,
           coalesce(sum(pending) FILTER (WHERE side = 'credit'), 0) AS credits_pending
      FROM (${correctionsOf('debit')} UNION ALL ${correctionsOf('credit')}) AS found)
  SELECT asked.currency, asked.recorded_seq AS transfer_seq,
         coalesce(base.debits_posted, 0) + corrections.debits_posted AS debits_posted,
         coalesce(base.credits_posted, 0) + corrections.credits_posted AS credits_posted,
         coalesce(base.debits_pending, 0) + corrections.debits_pending AS debits_pending,
         coalesce(base.credits_pending, 0) + corrections.credits_pending AS credits_pending
    FROM asked CROSS JOIN corrections LEFT JOIN base ON true`;

/**
 * An account's counters on both axes of time: what was believed at `recordedAt` about how they stood at `effectiveAt`. Does not sum the
 * account's history, whatever its length. Undefined where there is no such account.
 */
export async function readBalanceAt(
  pool: Pick<pg.Pool, 'query'>,
  accountId: string,
  { recordedAt, effectiveAt }: BalanceMoment,
): Promise<BalanceAt | undefined> {
  const { rows } = await pool.query<BalanceRow>({
    name: 'balance-at',
    text: BALANCE_AT,
    values: [accountId, recordedAt ?? null, effectiveAt ?? null],
  });
  const [row] = rows;
  if (!row) return undefined;
  const { currency, transfer_seq, debits_posted, credits_posted, debits_pending, credits_pending } = row;
  return {
    account_id: accountId,
    currency,
    debits_posted,
    credits_posted,
    debits_pending,
    credits_pending,
    balance: String(BigInt(credits_posted) - BigInt(debits_posted)),
    recorded_at: recordedAt ?? toInstant(nowMs()),
    effective_at: effectiveAt ?? null,
    transfer_seq: Number(transfer_seq),
  };
}
