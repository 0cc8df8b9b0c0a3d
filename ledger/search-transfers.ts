import type { LedgerTransfer } from '@trancendos/contracts/ledger';
import type { TransferKind } from '@trancendos/contracts/transfer';
import type pg from 'pg';
import { TRANSFER_COLUMNS, TRANSFER_JOINS, transferOfRow, type TransferRow } from './transfer-row.ts';

/** What a transfer has to be like. Everything that is given has to be so. */
export interface TransferFilter {
  readonly kind?: TransferKind | undefined;
  readonly accountId?: string | undefined;
  readonly decisionId?: string | undefined;
  readonly actor?: string | undefined;
  readonly amountMinMinor?: string | undefined;
  readonly amountMaxMinor?: string | undefined;
  /** Recorded at or after, and before. */
  readonly from?: string | undefined;
  readonly until?: string | undefined;
}

export interface TransferSearch extends TransferFilter {
  /** The position at which the last page ended; the page goes on below it. */
  readonly beforeSeq?: number | undefined;
  readonly limit: number;
}

/** Transfers newest first, and the position from which to go on; undefined when there is nothing further. */
export interface FoundTransfers {
  readonly transfers: readonly LedgerTransfer[];
  readonly nextBeforeSeq: number | undefined;
}

/** Rows of the journal that are looked at in one step, and for one page at most: what a page costs is bounded, whatever it finds. */
const STEP_FIRST = 1_000;
const STEP_MAX = 20_000;
const LOOKED_AT_MAX = 60_000;

const RANGE = `
  SELECT greatest(1, coalesce(ledger.transfer_seq_at($1::timestamptz - interval '1 microsecond') + 1, 1)) AS first_seq,
         least(last_transfer_seq, coalesce(ledger.transfer_seq_at($2::timestamptz - interval '1 microsecond'), last_transfer_seq)) AS last_seq
    FROM ledger.writer`;

const MATCHES = `
      ($3::ledger.transfer_kind IS NULL OR transfer.kind = $3)
  AND ($4::uuid IS NULL OR transfer.decision_id = $4)
  AND ($5::text IS NULL OR transfer.cause IN (SELECT number FROM ledger.causes WHERE actor = $5))
  AND ($6::bigint IS NULL OR transfer.amount_minor >= $6)
  AND ($7::bigint IS NULL OR transfer.amount_minor <= $7)`;

const BY_RANGE = `
  SELECT ${TRANSFER_COLUMNS}
    FROM (SELECT * FROM ledger.transfers AS transfer WHERE transfer.seq BETWEEN $1 AND $2 AND ${MATCHES}
           ORDER BY transfer.seq DESC LIMIT $8) AS transfer ${TRANSFER_JOINS}
   ORDER BY transfer.seq DESC`;

/**
 * Transfers of one account that are looked at in one step, and for a page at most: its own index finds them wherever in the journal they
 * lie, each of a busy one on another page. Mostly the first step finds enough.
 */
const OF_ACCOUNT_FIRST = 100;
const OF_ACCOUNT_MAX = 1_000;

const ofAccount = (side: 'debit' | 'credit') => `
  (SELECT * FROM ledger.transfers AS transfer
    WHERE transfer.${side}_account = (SELECT number FROM ledger.accounts WHERE id = $9) AND transfer.seq BETWEEN $1 AND $2
    ORDER BY transfer.seq DESC LIMIT $10)`;

const BY_ACCOUNT = `
  WITH looked AS MATERIALIZED (
    SELECT * FROM (${ofAccount('debit')} UNION ALL ${ofAccount('credit')}) AS sides ORDER BY seq DESC LIMIT $10)
  SELECT ends.looked_at, ends.looked_until, ${TRANSFER_COLUMNS}
    FROM (SELECT count(*) AS looked_at, min(seq) AS looked_until FROM looked) AS ends
    LEFT JOIN (SELECT * FROM looked AS transfer WHERE ${MATCHES} ORDER BY transfer.seq DESC LIMIT $8) AS transfer ON true ${TRANSFER_JOINS}
   ORDER BY transfer.seq DESC`;

/**
 * Searches the journal from its newest end, or from where the last page stopped. A page looks at a bounded part of the journal, so it may
 * hold fewer than `limit` transfers, or none, while there is still more to search: whoever searches goes on until `nextBeforeSeq` is undefined.
 */
export async function searchTransfers(pool: Pick<pg.Pool, 'query'>, search: TransferSearch): Promise<FoundTransfers> {
  const range = await rangeOf(pool, search);
  return search.accountId === undefined ? searchJournal(pool, search, range) : searchAccount(pool, search, range);
}

interface Range {
  readonly firstSeq: number;
  readonly lastSeq: number;
}

/** Step by step from the newest end: a rare match would otherwise make one statement read the whole journal. */
async function searchJournal(pool: Pick<pg.Pool, 'query'>, search: TransferSearch, { firstSeq, lastSeq }: Range): Promise<FoundTransfers> {
  const found: LedgerTransfer[] = [];
  let untilSeq = lastSeq;
  let lookedAt = 0;
  for (let step = STEP_FIRST; untilSeq >= firstSeq && lookedAt < LOOKED_AT_MAX; step = Math.min(step * 4, STEP_MAX)) {
    const fromSeq = Math.max(firstSeq, untilSeq - step + 1);
    const wanted = search.limit - found.length;
    const { rows } = await pool.query<TransferRow>(BY_RANGE, [fromSeq, untilSeq, ...matchValues(search), wanted]);
    found.push(...rows.map(transferOfRow));
    const end = found.at(-1);
    if (rows.length === wanted && end) return { transfers: found, nextBeforeSeq: end.seq > firstSeq ? end.seq : undefined };
    lookedAt += untilSeq - fromSeq + 1;
    untilSeq = fromSeq - 1;
  }
  return { transfers: found, nextBeforeSeq: untilSeq >= firstSeq ? untilSeq + 1 : undefined };
}

type LookedRow = { readonly looked_at: string; readonly looked_until: string | null } & (TransferRow | { readonly id: null });

async function searchAccount(pool: Pick<pg.Pool, 'query'>, search: TransferSearch, { firstSeq, lastSeq }: Range): Promise<FoundTransfers> {
  const found: LedgerTransfer[] = [];
  let untilSeq = lastSeq;
  let lookedAt = 0;
  for (let step = Math.max(OF_ACCOUNT_FIRST, search.limit); lookedAt < OF_ACCOUNT_MAX; step = OF_ACCOUNT_MAX - lookedAt) {
    const wanted = search.limit - found.length;
    const values = [firstSeq, untilSeq, ...matchValues(search), wanted, search.accountId, step];
    const { rows } = await pool.query<LookedRow>({ name: 'search-account', text: BY_ACCOUNT, values });
    const matches = rows.flatMap((row) => (row.id === null ? [] : transferOfRow(row)));
    found.push(...matches);
    const end = found.at(-1);
    if (matches.length === wanted && end) return { transfers: found, nextBeforeSeq: end.seq > firstSeq ? end.seq : undefined };
    const [ends] = rows;
    if (Number(ends?.looked_at ?? 0) < step || !ends?.looked_until) return { transfers: found, nextBeforeSeq: undefined };
    lookedAt += step;
    untilSeq = Number(ends.looked_until) - 1;
  }
  return { transfers: found, nextBeforeSeq: untilSeq >= firstSeq ? untilSeq + 1 : undefined };
}

/** The positions that the times and the end of the last page leave. */
async function rangeOf(pool: Pick<pg.Pool, 'query'>, { from, until, beforeSeq }: TransferSearch): Promise<Range> {
  const { rows } = await pool.query<{ first_seq: string; last_seq: string }>({
    name: 'search-range',
    text: RANGE,
    values: [from ?? null, until ?? null],
  });
  const firstSeq = Number(rows[0]?.first_seq ?? 1);
  const lastSeq = Number(rows[0]?.last_seq ?? 0);
  return { firstSeq, lastSeq: beforeSeq === undefined ? lastSeq : Math.min(lastSeq, beforeSeq - 1) };
}

function matchValues(search: TransferFilter): (string | null)[] {
  const decision = search.decisionId?.slice('dec_'.length);
  return [search.kind, decision, search.actor, search.amountMinMinor, search.amountMaxMinor].map((value) => value ?? null);
}
