import { nowMs, toInstant } from '@trancendos/platform/clock';
import type pg from 'pg';

/** What one check of the stored ledger found. */
export interface InvariantCheck {
  readonly name: (typeof CHECKS)[number]['name'];
  readonly ok: boolean;
  /** What holds when it is ok. */
  readonly means: string;
  /** Currencies, accounts, positions or holds that break it. */
  readonly violations: number;
}

export interface InvariantReport {
  /** True when every check is. */
  readonly ok: boolean;
  readonly checks: readonly InvariantCheck[];
  readonly at: string;
}

/** Each yields one number: how many things break it. */
const CHECKS = [
  {
    name: 'debits_equal_credits',
    means: 'in every currency, posted and pending debits over all accounts equal the credits',
    violations: `
      SELECT count(*) FROM (
        SELECT 1 FROM ledger.accounts GROUP BY currency
        HAVING sum(debits_posted) <> sum(credits_posted) OR sum(debits_pending) <> sum(credits_pending)) AS broken`,
  },
  {
    name: 'counters_are_sums_of_transfers',
    means: "every account's counters are the sums of its transfers",
    violations: `
      WITH legs AS (
        SELECT debit_account AS number, kind, amount_minor AS debit, 0 AS credit FROM ledger.transfers
        UNION ALL
        SELECT credit_account, kind, 0, amount_minor FROM ledger.transfers),
      effects AS (
        SELECT number, debit, credit, (kind NOT IN ('hold', 'void', 'expire'))::int AS posts,
               CASE WHEN kind = 'hold' THEN 1 WHEN kind IN ('capture', 'void', 'expire') THEN -1 ELSE 0 END AS reserves
          FROM legs),
      sums AS (
        SELECT number, sum(debit * posts) AS debits_posted, sum(credit * posts) AS credits_posted,
               sum(debit * reserves) AS debits_pending, sum(credit * reserves) AS credits_pending
          FROM effects GROUP BY number)
      SELECT count(*) FROM ledger.accounts AS a FULL JOIN sums USING (number)
       WHERE a.id IS NULL
          OR (a.debits_posted, a.credits_posted, a.debits_pending, a.credits_pending)
             IS DISTINCT FROM (coalesce(sums.debits_posted, 0), coalesce(sums.credits_posted, 0),
                               coalesce(sums.debits_pending, 0), coalesce(sums.credits_pending, 0))`,
  },
  {
    name: 'entries_are_gapless',
    means: 'decisions, commands and expiries are numbered from 1 to the last without a gap',
    violations: `
      SELECT abs(writer.last_seq - found.n) + abs(writer.last_seq - found.newest) FROM ledger.writer,
             (SELECT count(*) AS n, coalesce(max(ledger_seq), 0) AS newest
                FROM (SELECT ledger_seq FROM ledger.transactions UNION SELECT ledger_seq FROM ledger.commands
                      UNION SELECT ledger_seq FROM ledger.transfers) AS entries) AS found`,
  },
  {
    name: 'transfers_are_gapless',
    means: 'transfers are numbered from 1 to the last without a gap',
    violations: `
      SELECT abs(writer.last_transfer_seq - found.n) + abs(writer.last_transfer_seq - found.newest) FROM ledger.writer,
             (SELECT count(DISTINCT seq) AS n, coalesce(max(seq), 0) AS newest FROM ledger.transfers) AS found`,
  },
  {
    name: 'holds_are_pending_debits',
    means: 'in every currency, what open holds still hold is what is pending',
    violations: `
      SELECT count(*)
        FROM (SELECT currency, sum(debits_pending) AS pending FROM ledger.accounts GROUP BY currency) AS accounts
        FULL JOIN (SELECT currency, sum(remaining_minor) AS held
                     FROM ledger.holds JOIN ledger.accounts ON number = debit_account
                    WHERE holds.status = 'open' GROUP BY currency) AS holds
       USING (currency)
       WHERE coalesce(pending, 0) <> coalesce(held, 0)`,
  },
  {
    name: 'no_hold_past_expiry',
    means: 'no hold is open more than 10 s past its expiry',
    violations: `SELECT count(*) FROM ledger.holds WHERE status = 'open' AND expires_at < now() - interval '10 s'`,
  },
] as const;

/** It reads whole tables, unlike everything else. */
const QUERY_TIMEOUT_MS = 120_000;

/** Recomputes the ledger from its journal and compares: in one statement, so as of one moment, while the writer goes on. */
export async function checkInvariants(pool: Pick<pg.Pool, 'query'>): Promise<InvariantReport> {
  const counts = CHECKS.map(({ name, violations }) => `(${violations})::bigint AS ${name}`);
  const query = { text: `SELECT ${counts.join(', ')}`, query_timeout: QUERY_TIMEOUT_MS };
  const { rows } = await pool.query<Record<InvariantCheck['name'], string>>(query);
  const checks = CHECKS.map(({ name, means }) => {
    const violations = Number(rows[0]?.[name]);
    return { name, ok: violations === 0, means, violations };
  });
  return { ok: checks.every(({ ok }) => ok), checks, at: toInstant(nowMs()) };
}
