import type { InvariantReport } from '@trancendos/contracts/ledger';
import { nowMs, toInstant } from '@trancendos/platform/clock';
import type pg from 'pg';
import { PENDING_SQL, POSTED_SQL } from './transfer-effect.ts';

/** A hold falls to its policy in a batch, and batches take a moment. */
const EXPIRY_GRACE = '1 minute';

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
      WITH sides AS (
        SELECT debit_account AS number, ${POSTED_SQL} AS debits_posted, 0 AS credits_posted,
               ${PENDING_SQL} AS debits_pending, 0 AS credits_pending FROM ledger.transfers
        UNION ALL
        SELECT credit_account, 0, ${POSTED_SQL}, 0, ${PENDING_SQL} FROM ledger.transfers),
      sums AS (
        SELECT number, sum(debits_posted) AS debits_posted, sum(credits_posted) AS credits_posted,
               sum(debits_pending) AS debits_pending, sum(credits_pending) AS credits_pending
          FROM sides GROUP BY number)
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
    name: 'decisions_are_kept',
    means: 'every transfer that a decision made belongs to a transaction that is decided',
    violations: `
      SELECT count(*) FROM ledger.transfers LEFT JOIN ledger.transactions USING (ledger_seq)
       WHERE transfers.decision_id IS NOT NULL AND transactions.ledger_seq IS NULL`,
  },
  {
    name: 'transfers_are_gapless',
    means: 'transfers are numbered from 1 to the last without a gap',
    violations: `
      SELECT abs(writer.last_transfer_seq - found.n) + abs(writer.last_transfer_seq - found.newest) FROM ledger.writer,
             (SELECT count(DISTINCT seq) AS n, coalesce(max(seq), 0) AS newest FROM ledger.transfers) AS found`,
  },
  {
    name: 'batches_are_chained',
    means: 'every batch stands on the hash of the one before it, and the writer on that of the last',
    violations: `
      SELECT (SELECT count(*) FROM (SELECT seq, previous_hash, lag(hash, 1, decode(repeat('00', 32), 'hex')) OVER (ORDER BY seq) AS expected,
                                           row_number() OVER (ORDER BY seq) AS place FROM ledger.batches) AS chained
               WHERE previous_hash <> expected OR seq <> place)
             + (SELECT count(*) FROM ledger.writer WHERE last_hash <> coalesce(
                 (SELECT hash FROM ledger.batches ORDER BY seq DESC LIMIT 1), decode(repeat('00', 32), 'hex')))`,
  },
  {
    name: 'inputs_are_taken_in',
    means: 'every input stands where the batches have taken it',
    violations: `
      SELECT count(*)
        FROM (SELECT input ->> 0 AS topic, (input ->> 1)::int AS partition, max((input ->> 2)::bigint) AS taken
                FROM ledger.batches, jsonb_array_elements(batches.inputs::jsonb) AS input GROUP BY 1, 2) AS batches
        FULL JOIN ledger.inputs USING (topic, partition)
       WHERE coalesce(taken, 0) <> coalesce(next_offset, 0)`,
  },
  {
    name: 'holds_are_pending_debits',
    means: 'in every currency, what open holds still hold is what is pending',
    violations: `
      SELECT count(*)
        FROM (SELECT currency, sum(debits_pending) AS pending FROM ledger.accounts GROUP BY currency) AS accounts
        FULL JOIN (SELECT currency, sum(remaining_minor) AS held
                     FROM ledger.holds JOIN ledger.accounts ON number = debit_account WHERE holds.status = 'open' GROUP BY currency) AS holds
       USING (currency)
       WHERE coalesce(pending, 0) <> coalesce(held, 0)`,
  },
  {
    name: 'no_hold_past_expiry',
    means: 'no hold is open a minute after its expiry',
    violations: `SELECT count(*) FROM ledger.holds WHERE status = 'open' AND expires_at < now() - interval '${EXPIRY_GRACE}'`,
  },
] as const;

/** It reads whole tables, unlike everything else. */
const QUERY_TIMEOUT_MS = 120_000;

/** Recomputes the ledger from its journal and compares: in one statement, so as of one moment, while the writer goes on. */
export async function checkInvariants(pool: Pick<pg.Pool, 'query'>): Promise<InvariantReport> {
  const counts = CHECKS.map(({ name, violations }) => `(${violations})::bigint AS ${name}`);
  const query = { text: `SELECT ${counts.join(', ')}`, query_timeout: QUERY_TIMEOUT_MS };
  const { rows } = await pool.query<Record<(typeof CHECKS)[number]['name'], string>>(query);
  const checks = CHECKS.map(({ name, means }) => {
    const violations = Number(rows[0]?.[name]);
    return { name, ok: violations === 0, means, violations };
  });
  return { ok: checks.every(({ ok }) => ok), checks, at: toInstant(nowMs()) };
}
