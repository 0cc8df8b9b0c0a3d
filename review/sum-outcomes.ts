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

/** What the rollups grow by when these outcomes are archived: for every span, for each merchant and for all of them. */
export function sumOutcomes(outcomes: readonly Outcome[]): OutcomeSums {
  const decisions = new Map<string, DecisionSum>();
  const latencies = new Map<string, LatencySum>();
  const reasons = new Map<string, ReasonSum>();
  for (const outcome of outcomes) {
    for (const place of placesOf(outcome)) {
      addDecision(decisions, place, outcome);
      addLatencies(latencies, place, outcome);
      addReasons(reasons, place, outcome);
    }
  }
  return { decisions: [...decisions.values()], latencies: [...latencies.values()], reasons: [...reasons.values()] };
}

function placesOf({ committed_at, transaction }: Outcome): Place[] {
  const atMs = Date.parse(committed_at);
  return SPANS.flatMap((span) => {
    const begins = toInstant(atMs - (atMs % (span * MINUTE_MS)));
    return [transaction.merchant_id, ALL_MERCHANTS].map((merchant_id) => ({ span, begins, merchant_id }));
  });
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
