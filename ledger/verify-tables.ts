import type { Currency } from '@trancendos/contracts/money';
import type pg from 'pg';
import type { Mismatch } from './mismatch.ts';
import { COUNTERS, type Counter, type ReplayedAccounts } from './replay-accounts.ts';

type Client = Pick<pg.ClientBase, 'query'>;
type Note = (mismatch: Mismatch) => void;

/** Rows of a table that are read at once. */
const PAGE = 20_000;
/** Mismatches of one check; more of them say nothing more. */
const FOUND_MAX = 1_000;

type AccountRow = Readonly<Record<Counter, string>> & {
  readonly number: string;
  readonly id: string;
  readonly currency: Currency;
  readonly version: string;
};

/**
 * Compares what is stored beside the journal with what the journal makes of it: accounts with the replayed ones; holds, reversals, entries and
 * inputs with sums that the database forms. Returns how many accounts there are.
 */
export async function verifyTables(client: Client, replayed: ReplayedAccounts, note: Note): Promise<number> {
  const accounts = await verifyAccounts(client, replayed, note);
  for (const { currency, posted, pending } of replayed.imbalances()) {
    note({ kind: 'IMBALANCE', where: currency, detail: `debits exceed credits by ${posted} posted and ${pending} pending` });
  }
  for (const check of CHECKS) {
    const { rows } = await client.query<{ location: string; detail: string }>(`${check.sql} LIMIT ${FOUND_MAX}`);
    for (const { location, detail } of rows) note({ kind: check.kind, where: location, detail });
  }
  return accounts;
}

async function verifyAccounts(client: Client, replayed: ReplayedAccounts, note: Note): Promise<number> {
  let count = 0;
  for (let after = '0'; ;) {
    const { rows } = await client.query<AccountRow>(
      `SELECT number, id, currency, version, ${COUNTERS.join(', ')} FROM ledger.accounts WHERE number > $1 ORDER BY number LIMIT $2`,
      [after, PAGE],
    );
    for (const row of rows) verifyAccount(row, replayed, note);
    count += rows.length;
    const end = rows.at(-1);
    if (!end || rows.length < PAGE) return count;
    after = end.number;
  }
}

function verifyAccount(row: AccountRow, replayed: ReplayedAccounts, note: Note): void {
  const number = Number(row.number);
  const counters = replayed.countersOf(number);
  replayed.addToSums(number, row.currency);
  const wrong = COUNTERS.filter((counter) => BigInt(row[counter]) !== counters[counter]);
  if (wrong.length > 0) {
    const detail = wrong.map((counter) => `${counter} is ${row[counter]} and its transfers make ${counters[counter]}`).join('; ');
    note({ kind: 'ACCOUNT_MISMATCH', where: row.id, detail });
  }
  const version = replayed.versionOf(number);
  if (Number(row.version) < version) {
    note({ kind: 'VERSION_MISMATCH', where: row.id, detail: `is version ${row.version} and had version ${version} before` });
  }
}

/** Each yields a row for everything that is wrong. */
const CHECKS: readonly { readonly kind: Mismatch['kind']; readonly sql: string }[] = [
  {
    kind: 'REFERENCE_MISSING',
    sql: `
      SELECT 'transfer ' || later.seq AS location, later.kind || ' of ' || coalesce(later.related_to::text, 'nothing') AS detail
        FROM ledger.transfers AS later LEFT JOIN ledger.transfers AS earlier ON earlier.id = later.related_to AND earlier.seq < later.seq
       WHERE later.kind IN ('capture', 'void', 'expire', 'reversal')
         AND (earlier.id IS NULL OR later.kind <> 'reversal' AND earlier.kind <> 'hold'
              OR later.kind = 'reversal' AND earlier.kind IN ('hold', 'void', 'expire', 'reversal'))`,
  },
  {
    kind: 'REFERENCE_MISSING',
    sql: `
      SELECT 'transfer ' || transfer.seq AS location, 'is of decision dec_' || transfer.decision_id || ', and no transaction is' AS detail
        FROM ledger.transfers AS transfer LEFT JOIN ledger.transactions AS decided USING (ledger_seq)
       WHERE transfer.decision_id IS NOT NULL AND decided.ledger_seq IS NULL`,
  },
  {
    kind: 'HOLD_MISMATCH',
    sql: `
      WITH ended AS (
        SELECT related_to AS id, sum(amount_minor) AS ended, coalesce(sum(amount_minor) FILTER (WHERE kind = 'capture'), 0) AS captured
          FROM ledger.transfers WHERE kind IN ('capture', 'void', 'expire') GROUP BY related_to)
      SELECT 'hold tr_' || coalesce(hold.id, placed.id) AS location,
             CASE WHEN hold.id IS NULL THEN 'is placed and not kept' WHEN placed.id IS NULL THEN 'is kept and was not placed'
                  ELSE format('%s: %s of %s remain and %s are captured; its transfers leave %s and have captured %s', hold.status,
                              hold.remaining_minor, hold.amount_minor, hold.captured_minor,
                              placed.amount_minor - coalesce(ended.ended, 0), coalesce(ended.captured, 0)) END AS detail
        FROM ledger.holds AS hold
        FULL JOIN (SELECT * FROM ledger.transfers WHERE kind = 'hold') AS placed ON placed.id = hold.id
        LEFT JOIN ended ON ended.id = coalesce(hold.id, placed.id)
       WHERE hold.id IS NULL OR placed.id IS NULL OR hold.amount_minor <> placed.amount_minor
          OR hold.debit_account <> placed.debit_account OR hold.credit_account <> placed.credit_account
          OR hold.remaining_minor <> placed.amount_minor - coalesce(ended.ended, 0) OR hold.captured_minor <> coalesce(ended.captured, 0)`,
  },
  {
    kind: 'REVERSAL_MISMATCH',
    sql: `
      WITH given AS (SELECT related_to AS id, sum(amount_minor) AS reversed FROM ledger.transfers WHERE kind = 'reversal' GROUP BY related_to)
      SELECT 'transfer tr_' || coalesce(noted.transfer_id, given.id) AS location,
             format('%s noted as given back, %s reversed, %s moved', coalesce(noted.reversed_minor, 0), coalesce(given.reversed, 0),
                    coalesce(moved.amount_minor::text, 'nothing')) AS detail
        FROM ledger.reversals AS noted
        FULL JOIN given ON given.id = noted.transfer_id
        LEFT JOIN ledger.transfers AS moved ON moved.id = coalesce(noted.transfer_id, given.id)
       WHERE noted.reversed_minor IS DISTINCT FROM given.reversed OR moved.id IS NULL OR given.reversed > moved.amount_minor`,
  },
  {
    // An entry that made no transfer is a decided transaction or a command.
    kind: 'SEQUENCE_GAP',
    sql: `
      WITH entries AS (
        SELECT ledger_seq FROM ledger.transactions UNION SELECT ledger_seq FROM ledger.commands UNION SELECT ledger_seq FROM ledger.transfers),
      numbered AS (SELECT ledger_seq, lag(ledger_seq, 1, 0::bigint) OVER (ORDER BY ledger_seq) AS before FROM entries)
      SELECT 'entry ' || ledger_seq AS location, 'comes after entry ' || before AS detail FROM numbered WHERE ledger_seq <> before + 1
       UNION ALL
      SELECT 'entry ' || last_seq, format('is the last that the writer has written, and the last that is kept is %s', newest)
        FROM ledger.writer, (SELECT coalesce(max(ledger_seq), 0) AS newest FROM entries) AS kept WHERE last_seq <> newest`,
  },
  {
    kind: 'INPUT_MISMATCH',
    sql: `
      WITH taken AS (
        SELECT input ->> 0 AS topic, (input ->> 1)::int AS partition, max((input ->> 2)::bigint) AS next_offset
          FROM ledger.batches, jsonb_array_elements(batches.inputs::jsonb) AS input GROUP BY 1, 2)
      SELECT format('%s/%s', coalesce(input.topic, taken.topic), coalesce(input.partition, taken.partition)) AS location,
             format('stands at %s, and the batches have taken it up to %s', coalesce(input.next_offset::text, 'nothing'),
                    coalesce(taken.next_offset::text, 'nothing')) AS detail
        FROM ledger.inputs AS input FULL JOIN taken USING (topic, partition)
       WHERE input.next_offset IS DISTINCT FROM taken.next_offset AND coalesce(input.next_offset, 0) <> coalesce(taken.next_offset, 0)`,
  },
];
