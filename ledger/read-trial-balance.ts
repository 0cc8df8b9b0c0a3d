import type { AccountKind } from '@trancendos/contracts/balance';
import type { TrialBalance } from '@trancendos/contracts/ledger';
import type { Currency } from '@trancendos/contracts/money';
import { nowMs, toInstant } from '@trancendos/platform/clock';
import type pg from 'pg';
import { PENDING_SQL, POSTED_SQL } from './transfer-effect.ts';

const COUNTERS = ['debits_posted', 'credits_posted', 'debits_pending', 'credits_pending'] as const;
type Counters = Readonly<Record<(typeof COUNTERS)[number], string>>;

interface KindRow extends Counters {
  readonly transfer_seq: string;
  readonly currency: Currency | null;
  readonly kind: AccountKind;
  readonly accounts: string;
}

/**
 * The accounts as they are, less what was recorded since: costs what has happened since the asked time, not the whole history.
 * One statement, so everything is as of one commit.
 */
const TRIAL_BALANCE = `
  WITH asked AS MATERIALIZED (
    SELECT CASE WHEN $1::timestamptz IS NULL THEN last_transfer_seq ELSE ledger.transfer_seq_at($1) END AS seq FROM ledger.writer),
  later AS MATERIALIZED (
    SELECT debit_account, credit_account, ${POSTED_SQL} AS posted, ${PENDING_SQL} AS pending
      FROM ledger.transfers, asked WHERE transfers.seq > asked.seq),
  moved AS (
    SELECT number, sum(debits_posted) AS debits_posted, sum(credits_posted) AS credits_posted,
           sum(debits_pending) AS debits_pending, sum(credits_pending) AS credits_pending
      FROM (SELECT debit_account AS number, posted AS debits_posted, 0 AS credits_posted, pending AS debits_pending, 0 AS credits_pending
              FROM later
             UNION ALL SELECT credit_account, 0, posted, 0, pending FROM later) AS sides
     GROUP BY number)
  SELECT asked.seq AS transfer_seq, totals.*
    FROM asked LEFT JOIN (
      SELECT currency, kind, count(*) AS accounts,
             ${COUNTERS.map((counter) => `sum(account.${counter} - coalesce(moved.${counter}, 0)) AS ${counter}`).join(', ')}
        FROM ledger.accounts AS account LEFT JOIN moved USING (number)
       WHERE $1::timestamptz IS NULL OR account.opened_at <= $1
       GROUP BY currency, kind) AS totals ON true
   ORDER BY currency, kind`;

/** It may have to read what was recorded in months. */
const QUERY_TIMEOUT_MS = 120_000;

/** What the accounts of each kind add up to, as recorded by `recordedAt`, or now. */
export async function readTrialBalance(pool: Pick<pg.Pool, 'query'>, recordedAt?: string): Promise<TrialBalance> {
  const query = { text: TRIAL_BALANCE, values: [recordedAt ?? null], query_timeout: QUERY_TIMEOUT_MS };
  const { rows } = await pool.query<KindRow>(query);
  const kinds = new Map<Currency, KindRow[]>();
  for (const row of rows) if (row.currency !== null) kinds.set(row.currency, [...(kinds.get(row.currency) ?? []), row]);
  return {
    recorded_at: recordedAt ?? toInstant(nowMs()),
    transfer_seq: Number(rows[0]?.transfer_seq ?? 0),
    currencies: [...kinds].map(([currency, of]) => {
      const totals = sumOf(of);
      return {
        currency,
        kinds: of.map(({ kind, accounts, ...row }) => ({ kind, accounts: Number(accounts), ...countersOf(row) })),
        ...totals,
        balanced: totals.debits_posted === totals.credits_posted && totals.debits_pending === totals.credits_pending,
      };
    }),
  };
}

function countersOf({ debits_posted, credits_posted, debits_pending, credits_pending }: Counters): Counters {
  return { debits_posted, credits_posted, debits_pending, credits_pending };
}

function sumOf(rows: readonly Counters[]): Counters {
  const total = (counter: keyof Counters) => String(rows.reduce((sum, row) => sum + BigInt(row[counter]), 0n));
  return {
    debits_posted: total('debits_posted'),
    credits_posted: total('credits_posted'),
    debits_pending: total('debits_pending'),
    credits_pending: total('credits_pending'),
  };
}
