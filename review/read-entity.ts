import type { Counterpart, EntityProfile, EntityType } from '@trancendos/contracts/archive';
import type pg from 'pg';
import { DECISION_COLUMNS, lineOfRow, type DecisionRow } from './decision-row.ts';
import { profileDecisions, type CountedLine } from './profile-decisions.ts';
import { ROLLUP_SUMS, type RollupSum } from './total-rollups.ts';
import { profileRollups } from './profile-rollups.ts';

type Pool = Pick<pg.Pool, 'query'>;

/** Newest decisions that are read of an entity: what a profile costs is bounded, however busy it is. */
const COUNTED_MAX = 5_000;
const COLUMN = { account: 'account_id', card: 'card_token', merchant: 'merchant_id', terminal: 'terminal_id' } as const satisfies Record<
  EntityType,
  string
>;

export interface EntityQuery {
  readonly type: EntityType;
  readonly id: string;
  /** The first instant of which decisions are kept. */
  readonly keptSince: string;
}

/** What is known of an entity; undefined where no decision of it is kept. */
export async function readEntity(pool: Pool, query: EntityQuery): Promise<EntityProfile | undefined> {
  const { type, id } = query;
  const [newest, firstSeenAt] = await Promise.all([readNewest(pool, query), readFirstSeen(pool, query)]);
  const [last] = newest;
  if (!last || firstSeenAt === undefined) return undefined;
  const counted = type === 'merchant' ? profileRollups(await readDays(pool, query)) : profileDecisions(newest);
  const complete = type === 'merchant' || newest.length < COUNTED_MAX;
  return {
    type,
    id,
    first_seen_at: firstSeenAt,
    last_seen_at: last.line.committed_at,
    complete,
    counted_since: complete ? firstSeenAt : (newest.at(-1) ?? last).line.committed_at,
    ...counted,
    counterparts: {
      account: meet(newest, 'account_id', type === 'account'),
      card: meet(newest, 'card_token', type === 'card'),
      merchant: meet(newest, 'merchant_id', type === 'merchant'),
      terminal: meet(newest, 'terminal_id', type === 'terminal'),
    },
  };
}

async function readNewest(pool: Pool, { type, id, keptSince }: EntityQuery): Promise<CountedLine[]> {
  const { rows } = await pool.query<DecisionRow>(
    `SELECT ${DECISION_COLUMNS} FROM review.decisions WHERE ${COLUMN[type]} = $1 AND committed_at >= $2
     ORDER BY committed_at DESC, ledger_seq DESC LIMIT ${COUNTED_MAX}`,
    [id, keptSince],
  );
  return rows.map((row) => ({ line: lineOfRow(row), measuredFraud: row.measured_fraud }));
}

async function readFirstSeen(pool: Pool, { type, id, keptSince }: EntityQuery): Promise<string | undefined> {
  const { rows } = await pool.query<{ committed_at: Date }>(
    `SELECT committed_at FROM review.decisions WHERE ${COLUMN[type]} = $1 AND committed_at >= $2 ORDER BY committed_at, ledger_seq LIMIT 1`,
    [id, keptSince],
  );
  return rows[0]?.committed_at.toISOString();
}

async function readDays(pool: Pool, { id, keptSince }: EntityQuery): Promise<(RollupSum & { begins: Date })[]> {
  const { rows } = await pool.query<RollupSum & { begins: Date }>(
    `SELECT begins, action, currency, ${ROLLUP_SUMS} FROM review.rollup WHERE span = 1440 AND merchant_id = $1 AND begins >= $2
     GROUP BY begins, action, currency`,
    [id, keptSince],
  );
  return rows;
}

const COUNTERPARTS_MAX = 10;

/** Those that an entity met most often, of one type. Itself is nobody that it met. */
function meet(
  newest: readonly CountedLine[],
  field: 'account_id' | 'card_token' | 'merchant_id' | 'terminal_id',
  isOwn: boolean,
): Counterpart[] {
  if (isOwn) return [];
  const met = new Map<string, { id: string; decisions: number; last_seen_at: string }>();
  for (const { line } of newest) {
    const id = line[field];
    if (id === null) continue;
    const known = met.get(id);
    if (known) known.decisions++;
    else met.set(id, { id, decisions: 1, last_seen_at: line.committed_at });
  }
  return [...met.values()].sort((a, b) => b.decisions - a.decisions || (a.id < b.id ? -1 : 1)).slice(0, COUNTERPARTS_MAX);
}
