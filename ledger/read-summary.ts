import type { LedgerSummary } from '@trancendos/contracts/http';
import type { Currency } from '@trancendos/contracts/money';
import { nowMs, toInstant } from '@trancendos/platform/clock';
import { metrics } from '@trancendos/platform/metrics';
import type pg from 'pg';

interface SummaryRow {
  readonly ledger_seq: string;
  /** Null, as all that follows, in a ledger without accounts. */
  readonly currency: Currency | null;
  readonly debits_posted: string;
  readonly credits_posted: string;
  readonly debits_pending: string;
  readonly credits_pending: string;
  readonly holds: string | null;
  readonly held_minor: string | null;
  readonly oldest_hold_at: Date | null;
}

const SUMMARY = `
  WITH totals AS (
    SELECT currency, sum(debits_posted) AS debits_posted, sum(credits_posted) AS credits_posted,
           sum(debits_pending) AS debits_pending, sum(credits_pending) AS credits_pending
      FROM ledger.accounts GROUP BY currency),
  held AS (
    SELECT currency, count(*) AS holds, sum(remaining_minor) AS held_minor, min(placed_at) AS oldest_hold_at
      FROM ledger.holds JOIN ledger.accounts ON number = debit_account WHERE holds.status = 'open' GROUP BY currency)
  SELECT writer.last_seq AS ledger_seq, totals.*, held.holds, held.held_minor, held.oldest_hold_at
    FROM ledger.writer
    LEFT JOIN totals ON true
    LEFT JOIN held ON held.currency = totals.currency
   ORDER BY totals.currency`;

/** The totals over all accounts, in one read and so as of one commit. Also sets the metrics of imbalance and holds. */
export async function readSummary(pool: Pick<pg.Pool, 'query'>): Promise<LedgerSummary> {
  const { rows } = await pool.query<SummaryRow>(SUMMARY);
  const currencies = rows.flatMap((row) => (row.currency === null ? [] : [totalsOf(row, row.currency)]));
  const oldest = rows.flatMap(({ oldest_hold_at }) => (oldest_hold_at ? [oldest_hold_at.getTime()] : []));
  metrics.ledgerOldestHoldSeconds.set(oldest.length > 0 ? Math.max(0, nowMs() - Math.min(...oldest)) / 1000 : 0);
  return {
    ledger_seq: Number(rows[0]?.ledger_seq ?? 0),
    currencies,
    oldest_hold_at: oldest.length > 0 ? toInstant(Math.min(...oldest)) : null,
    at: toInstant(nowMs()),
  };
}

function totalsOf(row: SummaryRow, currency: Currency): LedgerSummary['currencies'][number] {
  const { debits_posted, credits_posted, debits_pending, credits_pending } = row;
  const posted = BigInt(debits_posted) - BigInt(credits_posted);
  const pending = BigInt(debits_pending) - BigInt(credits_pending);
  // Apart, so that a fault in one does not hide a fault in the other.
  const imbalanceMinor = (posted < 0n ? -posted : posted) + (pending < 0n ? -pending : pending);
  metrics.ledgerImbalance.set({ currency }, Number(imbalanceMinor));
  metrics.ledgerOpenHolds.set({ currency }, Number(row.holds ?? 0));
  metrics.ledgerHeldMinor.set({ currency }, Number(row.held_minor ?? 0));
  return {
    currency,
    debits_posted,
    credits_posted,
    debits_pending,
    credits_pending,
    balanced: imbalanceMinor === 0n,
    holds: Number(row.holds ?? 0),
    held_minor: row.held_minor ?? '0',
  };
}
