import { INSIGHT_STEPS_MS } from '@trancendos/contracts/insight-steps';
import { LatencyStage, type Insights, type InsightStep } from '@trancendos/contracts/archive';
import type { Action } from '@trancendos/contracts/decision';
import { toInstant } from '@trancendos/platform/clock';
import type pg from 'pg';
import { coverRange, type Piece } from './cover-range.ts';
import { emptyHistogram, latencyQuantile, SCORE_BUCKET } from './histogram.ts';
import { ALL_MERCHANTS } from './sum-outcomes.ts';
import { countRollups, ROLLUP_SUMS, totalRollups, type RollupSum } from './total-rollups.ts';

/** Which time, in milliseconds since the epoch at whole minutes, and whose decisions. */
export interface InsightsQuery {
  readonly fromMs: number;
  readonly toMs: number;
  readonly step: InsightStep;
  /** Undefined: all merchants. */
  readonly merchantId: string | undefined;
  /** Since when there are sums by the minute; what begins or ends before is read by whole hours. */
  readonly minutesSinceMs: number;
}

type Pool = Pick<pg.Pool, 'query'>;

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const REASONS_MAX = 20;
const MERCHANTS_MAX = 100;
/** Longest series that is chosen, where a step is not asked for. */
const POINTS_CHOSEN = 150;

/** The shortest step in which a time of that length is drawn by no more than 150 points, or a day. */
export function chooseStep(lengthMs: number): InsightStep {
  const steps = Object.entries(INSIGHT_STEPS_MS) as [InsightStep, number][];
  return steps.find(([, stepMs]) => lengthMs / stepMs <= POINTS_CHOSEN)?.[0] ?? '1d';
}

interface SeriesQuery extends Omit<InsightsQuery, 'merchantId' | 'minutesSinceMs'> {
  readonly merchantId: string;
}

/** What decisions of that time sum up to. Reads sums by the day where the time has whole days, so that a month costs what an hour does. */
export async function readInsights(pool: Pool, query: InsightsQuery): Promise<Insights> {
  const { step, merchantId = ALL_MERCHANTS, minutesSinceMs } = query;
  const align = (atMs: number) => (atMs < minutesSinceMs ? Math.floor(atMs / HOUR_MS) * HOUR_MS : atMs);
  const [fromMs, toMs, beforeMs] = [align(query.fromMs), align(query.toMs), align(2 * query.fromMs - query.toMs)];
  const pieces = coverRange(fromMs, toMs);
  const [sums, before, series, scores, latency, reasons, merchants] = await Promise.all([
    readSums(pool, pieces, merchantId),
    readSums(pool, coverRange(beforeMs, fromMs), merchantId),
    readSeries(pool, { fromMs, toMs, step, merchantId }),
    readScores(pool, pieces, merchantId),
    readLatency(pool, pieces, merchantId),
    readReasons(pool, pieces, merchantId),
    merchantId === ALL_MERCHANTS ? readMerchants(pool, pieces) : [],
  ]);
  return {
    from: toInstant(fromMs),
    to: toInstant(toMs),
    step,
    merchant_id: merchantId === ALL_MERCHANTS ? null : merchantId,
    totals: totalRollups(sums),
    previous: { from: toInstant(beforeMs), to: toInstant(fromMs), totals: totalRollups(before) },
    ...{ series, latency, scores, reasons, merchants },
  };
}

/** Rows of a table of sums that lie in the pieces: each piece by its own look into the index. */
function within(table: string, merchant: '= $4' | "<> ''"): string {
  return `unnest($1::smallint[], $2::timestamptz[], $3::timestamptz[]) AS piece (span, lower, upper)
    JOIN review.${table} AS kept ON kept.span = piece.span AND kept.begins >= piece.lower AND kept.begins < piece.upper
     AND kept.merchant_id ${merchant}`;
}

function valuesOf(pieces: readonly Piece[]): unknown[] {
  return [pieces.map(({ span }) => span), pieces.map(({ fromMs }) => toInstant(fromMs)), pieces.map(({ toMs }) => toInstant(toMs))];
}

async function readSums(pool: Pool, pieces: readonly Piece[], merchantId: string): Promise<RollupSum[]> {
  const { rows } = await pool.query<RollupSum>(
    `SELECT action, currency, ${ROLLUP_SUMS} FROM ${within('rollup', '= $4')} GROUP BY action, currency`,
    [...valuesOf(pieces), merchantId],
  );
  return rows;
}

async function readSeries(pool: Pool, { fromMs, toMs, step, merchantId }: SeriesQuery): Promise<Insights['series']> {
  const stepMs = INSIGHT_STEPS_MS[step];
  const { rows } = await pool.query<RollupSum & { at: Date }>(
    `SELECT date_bin(make_interval(secs => $5), begins, timestamptz '1970-01-01 00:00:00Z') AS at, action, currency, ${ROLLUP_SUMS}
     FROM ${within('rollup', '= $4')} GROUP BY 1, action, currency`,
    [...valuesOf(coverRange(fromMs, toMs, stepMs / MINUTE_MS)), merchantId, stepMs / 1_000],
  );
  const points = Map.groupBy(rows, ({ at }) => at.getTime());
  return [...points].sort(([a], [b]) => a - b).map(([atMs, sums]) => ({ at: toInstant(atMs), ...countRollups(sums) }));
}

async function readScores(pool: Pool, pieces: readonly Piece[], merchantId: string): Promise<Insights['scores']> {
  const { rows } = await pool.query<{ action: Action; scores: string[] }>(
    `SELECT action, review.sum_counts(scores) AS scores FROM ${within('rollup', '= $4')} GROUP BY action`,
    [...valuesOf(pieces), merchantId],
  );
  const countOf = (action: Action, bucket: number) => Number(rows.find((row) => row.action === action)?.scores[bucket] ?? 0);
  return emptyHistogram().map((_, bucket) => ({
    from: bucket * SCORE_BUCKET,
    to: (bucket + 1) * SCORE_BUCKET,
    ...{ approve: countOf('approve', bucket), review: countOf('review', bucket), decline: countOf('decline', bucket) },
  }));
}

async function readLatency(pool: Pool, pieces: readonly Piece[], merchantId: string): Promise<Insights['latency']> {
  const { rows } = await pool.query<{ stage: LatencyStage; counts: string[] }>(
    `SELECT stage, review.sum_counts(counts) AS counts FROM ${within('rollup_latency', '= $4')} GROUP BY stage`,
    [...valuesOf(pieces), merchantId],
  );
  return LatencyStage.options.map((stage) => {
    const counts = rows.find((row) => row.stage === stage)?.counts.map(Number) ?? emptyHistogram();
    const [p50 = null, p90 = null, p95 = null, p99 = null] = [0.5, 0.9, 0.95, 0.99].map((share) => latencyQuantile(counts, share));
    return { stage, decisions: counts.reduce((sum, count) => sum + count, 0), p50, p90, p95, p99 };
  });
}

async function readReasons(pool: Pool, pieces: readonly Piece[], merchantId: string): Promise<Insights['reasons']> {
  const { rows } = await pool.query<Record<'code' | 'decisions' | Action, string>>(
    `SELECT code, sum(decisions) AS decisions, coalesce(sum(decisions) FILTER (WHERE action = 'approve'), 0) AS approve,
            coalesce(sum(decisions) FILTER (WHERE action = 'review'), 0) AS review,
            coalesce(sum(decisions) FILTER (WHERE action = 'decline'), 0) AS decline
     FROM ${within('rollup_reason', '= $4')} GROUP BY code ORDER BY sum(decisions) DESC, code LIMIT ${REASONS_MAX}`,
    [...valuesOf(pieces), merchantId],
  );
  return rows.map(({ code, decisions, approve, review, decline }) => ({
    code,
    decisions: Number(decisions),
    ...{ approve: Number(approve), review: Number(review), decline: Number(decline) },
  }));
}

async function readMerchants(pool: Pool, pieces: readonly Piece[]): Promise<Insights['merchants']> {
  const { rows } = await pool.query<RollupSum & { merchant_id: string }>(
    `WITH sums AS MATERIALIZED (
       SELECT kept.merchant_id, action, currency, ${ROLLUP_SUMS} FROM ${within('rollup', "<> ''")} GROUP BY 1, 2, 3
     ), busiest AS (
       SELECT merchant_id, sum(decisions) AS all_decisions FROM sums GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT ${MERCHANTS_MAX}
     )
     SELECT sums.* FROM busiest JOIN sums USING (merchant_id) ORDER BY all_decisions DESC, merchant_id`,
    valuesOf(pieces),
  );
  return [...Map.groupBy(rows, ({ merchant_id }) => merchant_id)].map(([merchant_id, sums]) => ({
    merchant_id,
    totals: totalRollups(sums),
  }));
}
