import { LatencyStage } from '@trancendos/contracts/archive';
import type { Outcome } from '@trancendos/contracts/outcome';
import { toInstant } from '@trancendos/platform/clock';
import { emptyHistogram, latencyBucket, scoreBucket } from './histogram.ts';

/** Lengths in minutes of what is summed over: a minute, an hour, a day. */
export const SPANS = [1, 60, 1_440] as const;
/** Stands for all merchants together. */
export const ALL_MERCHANTS = '';

interface Place {
  readonly span: number;
  /** Its beginning, an instant. */
  readonly begins: string;
  readonly merchant_id: string;
}
/** What a row of `review.rollup` grows by, labels apart. */
export interface DecisionSum extends Place {
  readonly action: string;
  readonly model: string;
  readonly currency: string;
  decisions: number;
  /** Digits. */
  amount_minor: string;
  degraded: number;
  fallbacks: number;
  readonly scores: number[];
}
export interface LatencySum extends Place {
  readonly stage: LatencyStage;
  readonly counts: number[];
}
export interface ReasonSum extends Place {
  readonly action: string;
  readonly code: string;
  decisions: number;
}
export interface OutcomeSums {
  readonly decisions: readonly DecisionSum[];
  readonly latencies: readonly LatencySum[];
  readonly reasons: readonly ReasonSum[];
}

const MINUTE_MS = 60_000;

/**
 * What the rollups grow by when these outcomes are archived: for every span, for each merchant and for all of them. Outcomes are counted in
 * their merchant's minute; the few minutes of a batch are then added up, which takes less than half of counting each outcome everywhere.
 */
export function sumOutcomes(outcomes: readonly Outcome[]): OutcomeSums {
  const decisions = new Map<string, DecisionSum>();
  const latencies = new Map<string, LatencySum>();
  const reasons = new Map<string, ReasonSum>();
  for (const outcome of outcomes) {
    const minute = minuteOf(outcome);
    addDecision(decisions, minute, outcome);
    addLatencies(latencies, minute, outcome);
    addReasons(reasons, minute, outcome);
  }
  return {
    decisions: spread(decisions, ({ action, model, currency }) => `${action} ${model} ${currency}`, joinDecisions),
    latencies: spread(latencies, ({ stage }) => stage, joinLatencies),
    reasons: spread(reasons, ({ action, code }) => `${action} ${code}`, joinReasons),
  };
}

function minuteOf({ committed_at, transaction }: Outcome): Place {
  return { span: 1, begins: beginningOf(Date.parse(committed_at), 1), merchant_id: transaction.merchant_id };
}

function beginningOf(atMs: number, span: number): string {
  return toInstant(atMs - (atMs % (span * MINUTE_MS)));
}

/** Adds up minutes of merchants over all places that they count in. `name` tells apart what has a sum of its own in each. */
function spread<T extends Place>(minutes: ReadonlyMap<string, T>, name: (sum: T) => string, join: (sum: T, more: T) => T): T[] {
  const sums = new Map<string, T>();
  for (const minute of minutes.values()) {
    for (const place of placesOf(minute)) {
      const key = `${place.span} ${place.begins} ${place.merchant_id} ${name(minute)}`; // none of them has a space
      const sum = sums.get(key);
      sums.set(key, sum ? join(sum, minute) : { ...minute, ...place });
    }
  }
  return [...sums.values()];
}

function placesOf({ begins, merchant_id }: Place): Place[] {
  const atMs = Date.parse(begins);
  return SPANS.flatMap((span) =>
    [merchant_id, ALL_MERCHANTS].map((merchant) => ({ span, begins: beginningOf(atMs, span), merchant_id: merchant })),
  );
}

function joinDecisions(sum: DecisionSum, more: DecisionSum): DecisionSum {
  return {
    ...sum,
    decisions: sum.decisions + more.decisions,
    amount_minor: String(BigInt(sum.amount_minor) + BigInt(more.amount_minor)),
    degraded: sum.degraded + more.degraded,
    fallbacks: sum.fallbacks + more.fallbacks,
    scores: joinCounts(sum.scores, more.scores),
  };
}

function joinLatencies(sum: LatencySum, more: LatencySum): LatencySum {
  return { ...sum, counts: joinCounts(sum.counts, more.counts) };
}

function joinReasons(sum: ReasonSum, more: ReasonSum): ReasonSum {
  return { ...sum, decisions: sum.decisions + more.decisions };
}

function joinCounts(counts: readonly number[], more: readonly number[]): number[] {
  return counts.map((count, bucket) => count + (more[bucket] ?? 0));
}

function addDecision(sums: Map<string, DecisionSum>, place: Place, outcome: Outcome): void {
  const { action, actor, degraded, score, versions, transaction } = outcome;
  const model = versions.model ?? '';
  const sum = sumAt(sums, [place.span, place.begins, place.merchant_id, action, model, transaction.currency], () => ({
    ...place,
    action,
    model,
    currency: transaction.currency,
    decisions: 0,
    amount_minor: '0',
    degraded: 0,
    fallbacks: 0,
    scores: emptyHistogram(),
  }));
  sum.decisions++;
  sum.amount_minor = String(BigInt(sum.amount_minor) + BigInt(transaction.amount_minor));
  if (degraded) sum.degraded++;
  if (actor === 'policy') sum.fallbacks++;
  if (versions.model !== null) count(sum.scores, scoreBucket(score));
}

function addLatencies(sums: Map<string, LatencySum>, place: Place, outcome: Outcome): void {
  for (const [stage, durationMs] of stagesOf(outcome)) {
    const sum = sumAt(sums, [place.span, place.begins, place.merchant_id, stage], () => ({ ...place, stage, counts: emptyHistogram() }));
    count(sum.counts, latencyBucket(durationMs));
  }
}

/** The stages that it has been through, and all of its way here: from the request's arrival to the commit. */
function stagesOf({ timings_ms, transaction, committed_at }: Outcome): [LatencyStage, number][] {
  const totalMs = Math.max(0, Date.parse(committed_at) - Date.parse(transaction.received_at));
  return LatencyStage.options.flatMap((stage): [LatencyStage, number][] => {
    const durationMs = stage === 'total' ? totalMs : timings_ms[stage];
    return durationMs === undefined ? [] : [[stage, durationMs]];
  });
}

function addReasons(sums: Map<string, ReasonSum>, place: Place, { action, reasons }: Outcome): void {
  for (const code of new Set(reasons.map((reason) => reason.code))) {
    const key = [place.span, place.begins, place.merchant_id, action, code];
    sumAt(sums, key, () => ({ ...place, action, code, decisions: 0 })).decisions++;
  }
}

function sumAt<T>(sums: Map<string, T>, key: readonly (string | number)[], open: () => T): T {
  const name = key.join(' '); // none of them has a space
  const known = sums.get(name);
  if (known) return known;
  const opened = open();
  sums.set(name, opened);
  return opened;
}

function count(histogram: number[], bucket: number): void {
  histogram[bucket] = (histogram[bucket] ?? 0) + 1;
}
