import type { DecisionLine, DecisionPage } from '@trancendos/contracts/archive';
import type { Action } from '@trancendos/contracts/decision';
import type { Currency } from '@trancendos/contracts/money';
import { nowMs, toInstant } from '@trancendos/platform/clock';
import type pg from 'pg';
import { DECISION_COLUMNS, lineOfRow, type DecisionRow } from './decision-row.ts';
import { packCursor, type PageEnd } from './page-cursor.ts';

/** What decisions have to be like. Everything that is given has to be so. */
export interface DecisionFilter {
  readonly transactionId?: string | undefined;
  readonly accountId?: string | undefined;
  readonly cardToken?: string | undefined;
  readonly merchantId?: string | undefined;
  readonly terminalId?: string | undefined;
  readonly amountMinMinor?: number | undefined;
  readonly amountMaxMinor?: number | undefined;
  readonly currency?: Currency | undefined;
  readonly action?: Action | undefined;
  readonly scoreMin?: number | undefined;
  readonly scoreMax?: number | undefined;
  readonly model?: string | undefined;
  readonly reason?: string | undefined;
  /** By the label that holds. */
  readonly label?: 'fraud' | 'genuine' | 'none' | undefined;
  /** Committed at or after, and before: instants. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

export interface DecisionSearch extends DecisionFilter {
  readonly after?: PageEnd | undefined;
  readonly limit: number;
  /** The first instant of which decisions are kept. */
  readonly keptSince: string;
}

const DAY_MS = 86_400_000;
/** Days that the first step of a page looks into; when they are exhausted, the next step looks into four times as many. */
const DAYS_FIRST = 2;
/** Decisions that are looked at in one step, and for one page at most: what a page costs is bounded, whatever it finds. */
const LOOK_FIRST = 1_000;
const LOOK_MAX = 16_000;
const LOOKED_AT_MAX = 50_000;

/** The newest decisions first. Stable: what arrives meanwhile is newer than every page that goes on from an older one. */
export async function searchDecisions(pool: Pick<pg.Pool, 'query'>, search: DecisionSearch): Promise<DecisionPage> {
  const aheadMs = nowMs() + DAY_MS;
  const sinceMs = Math.max(Date.parse(search.keptSince), search.from === undefined ? 0 : Date.parse(search.from));
  const plan = planSearch(search);
  const decisions: DecisionLine[] = [];
  let { after } = search;
  let untilMs = Math.min(
    aheadMs,
    search.to === undefined ? aheadMs : Date.parse(search.to),
    after ? Date.parse(after.committedAt) + 1 : aheadMs,
  );
  let days = DAYS_FIRST;
  let most = plan.rest.length === 0 ? search.limit : LOOK_FIRST;
  for (let lookedAt = 0; untilMs > sinceMs;) {
    if (lookedAt >= LOOKED_AT_MAX)
      return { decisions, next_cursor: packCursor(after ?? { committedAt: toInstant(untilMs), ledgerSeq: 0 }) };
    const fromMs = Math.max(sinceMs, startOfDay(untilMs - 1) - (days - 1) * DAY_MS);
    const looked = await look(pool, plan, { fromMs, untilMs, after, most, limit: search.limit - decisions.length });
    decisions.push(...looked.lines);
    const last = decisions.at(-1);
    if (last && decisions.length === search.limit) {
      return { decisions, next_cursor: packCursor({ committedAt: last.committed_at, ledgerSeq: last.ledger_seq }) };
    }
    lookedAt += looked.lookedAt;
    if (looked.lookedAt < most) {
      untilMs = fromMs;
      after = undefined;
      days *= 4;
    } else after = looked.end;
    most = Math.min(most * 4, LOOK_MAX);
  }
  return { decisions, next_cursor: null };
}

function startOfDay(atMs: number): number {
  return Math.floor(atMs / DAY_MS) * DAY_MS;
}

interface Condition {
  readonly sql: (bind: (value: unknown) => string) => string;
}
interface SearchPlan {
  /** Found by an index whose order is that of the pages. */
  readonly lead: readonly Condition[];
  /** Judged of each decision that is looked at. */
  readonly rest: readonly Condition[];
  /** False where what leads there has no order, and leads to a few decisions only. */
  readonly ordered: boolean;
}

const equals = (column: string, value: unknown): Condition => ({ sql: (bind) => `${column} = ${bind(value)}` });
const bounds = (column: string, operator: '>=' | '<=', value: number): Condition => ({
  sql: (bind) => `${column} ${operator} ${bind(value)}`,
});

/** What leads to decisions by an index, the most selective first; the rest is judged on the way. */
function planSearch(filter: DecisionFilter): SearchPlan {
  const leads: Condition[][] = [];
  const addLead = (column: string, value: string | undefined) => value !== undefined && leads.push([equals(column, value)]);
  const ordered = filter.transactionId === undefined;
  addLead('transaction_id', filter.transactionId);
  addLead('account_id', filter.accountId);
  addLead('card_token', filter.cardToken);
  if (filter.amountMinMinor !== undefined && filter.amountMinMinor === filter.amountMaxMinor && filter.currency !== undefined) {
    leads.push([equals('amount_minor', filter.amountMinMinor), equals('currency', filter.currency)]);
  }
  addLead('terminal_id', filter.terminalId);
  addLead('merchant_id', filter.merchantId);
  const [lead = [], ...others] = leads;
  return { lead, rest: [...others.flat(), ...restOf(filter)], ordered };
}

function restOf(filter: DecisionFilter): Condition[] {
  const { amountMinMinor, amountMaxMinor, currency, scoreMin, scoreMax, reason, label } = filter;
  return [
    ...(amountMinMinor === undefined ? [] : [bounds('amount_minor', '>=', amountMinMinor)]),
    ...(amountMaxMinor === undefined ? [] : [bounds('amount_minor', '<=', amountMaxMinor)]),
    ...(currency === undefined ? [] : [equals('currency', currency)]),
    ...(filter.action === undefined ? [] : [equals('action', filter.action)]),
    ...(filter.model === undefined ? [] : [equals('model', filter.model)]),
    ...(scoreMin === undefined ? [] : [bounds('score', '>=', scoreMin)]),
    ...(scoreMax === undefined ? [] : [bounds('score', '<=', scoreMax)]),
    ...(reason === undefined ? [] : [{ sql: (bind) => `${bind(reason)} = ANY (reason_codes)` } satisfies Condition]),
    ...(label === undefined
      ? []
      : [{ sql: (bind) => `label_fraud IS NOT DISTINCT FROM ${bind(FRAUD_OF[label])}::boolean` } satisfies Condition]),
  ];
}

const FRAUD_OF = { fraud: true, genuine: false, none: null } as const;

interface Step {
  readonly fromMs: number;
  readonly untilMs: number;
  readonly after: PageEnd | undefined;
  /** Most decisions to look at, and most lines. */
  readonly most: number;
  readonly limit: number;
}
interface Looked {
  readonly lines: readonly DecisionLine[];
  readonly lookedAt: number;
  /** The last one that was looked at, if any. */
  readonly end: PageEnd | undefined;
}
type LookedRow = { readonly looked_at: string; readonly end_at: Date | null; readonly end_seq: string | null } & (
  DecisionRow | { readonly decision_id: null }
);

/** Looks at the next `most` decisions that the plan leads to, and gives those that fit the rest of it. */
async function look(pool: Pick<pg.Pool, 'query'>, plan: SearchPlan, step: Step): Promise<Looked> {
  const { text, values } = writeLook(plan, step);
  const { rows } = await pool.query<LookedRow>(text, values);
  const [first] = rows;
  return {
    lines: rows.flatMap((row) => (row.decision_id === null ? [] : lineOfRow(row))),
    lookedAt: Number(first?.looked_at ?? 0),
    end: first?.end_at ? { committedAt: first.end_at.toISOString(), ledgerSeq: Number(first.end_seq) } : undefined,
  };
}

function writeLook(
  { lead, rest, ordered }: SearchPlan,
  { fromMs, untilMs, after, most, limit }: Step,
): { text: string; values: unknown[] } {
  const values: unknown[] = [];
  const bind = (value: unknown) => `$${values.push(value)}`;
  const allOf = (conditions: readonly Condition[]) => conditions.map(({ sql }) => `AND ${sql(bind)}`).join(' ');
  const below = after ? `AND (committed_at, ledger_seq) < (${bind(after.committedAt)}::timestamptz, ${bind(after.ledgerSeq)}::bigint)` : '';
  const text = `
    WITH looked AS MATERIALIZED (
      SELECT ${DECISION_COLUMNS} FROM review.decisions
      WHERE committed_at >= ${bind(toInstant(fromMs))}::timestamptz AND committed_at < ${bind(toInstant(untilMs))}::timestamptz
        ${below} ${allOf(lead)}
      ${ordered ? 'ORDER BY committed_at DESC, ledger_seq DESC' : ''} LIMIT ${bind(most)}
    ), ends AS (
      SELECT count(*) AS looked_at, min(committed_at) AS end_at,
             (SELECT ledger_seq FROM looked ORDER BY committed_at, ledger_seq LIMIT 1) AS end_seq
      FROM looked
    ), page AS (
      SELECT * FROM looked WHERE true ${allOf(rest)} ORDER BY committed_at DESC, ledger_seq DESC LIMIT ${bind(limit)}
    )
    SELECT ends.*, page.* FROM ends LEFT JOIN page ON true ORDER BY committed_at DESC, ledger_seq DESC`;
  return { text, values };
}
