import { INSIGHT_STEPS_MS } from '@trancendos/contracts/insight-steps';
import { type InsightPoint, type Insights, type InsightStep, type InsightTotals } from '@trancendos/contracts/archive';
import { answerArchive } from './answer-archive.ts';
import { found, type MockAnswer } from './mock-answer.ts';
import type { MockWorld } from './mock-world.ts';
import { SeededRandom } from './seeded-random.ts';

const POINTS_MAX = 180;
const MERCHANTS = ['books-01', 'electronics-02', 'fuel-04', 'grocery-03', 'pharmacy-01', 'travel-02'];
const STAGES = ['ingest', 'to_scoring', 'scoring', 'to_ledger', 'ledger', 'total'] as const;
const REASONS = ['terminal_ordinary', 'amount_ordinary', 'customer_changed', 'amount_unusual', 'terminal_compromised', 'too_many_payments'];
const MOST_DECISIONS = 900;

type Sums = Omit<InsightPoint, 'at'>;

/** Answers `/api/review/v1/<path>` as the archive would; insights are sums that fit together, the same for the same time whenever asked for. */
export function answerReview(world: MockWorld, path: string, query: URLSearchParams, isEmpty: boolean): MockAnswer | undefined {
  if (path !== 'insights') return answerArchive(world, path, query, isEmpty);
  return found(drawInsights(query, isEmpty ? 0 : MOST_DECISIONS));
}

function drawInsights(query: URLSearchParams, most: number): Insights {
  const fromMs = Date.parse(query.get('from') ?? '');
  const toMs = Date.parse(query.get('to') ?? '');
  const step = (query.get('step') ?? chooseStep(toMs - fromMs)) as InsightStep;
  const at = (ms: number) => new Date(ms).toISOString();
  const merchant = query.get('merchant');
  const series = drawSeries([fromMs, toMs], step, most);
  const totals = totalsOf(series);
  const random = new SeededRandom(fromMs / 60_000);
  const wobble = (value: number) => value * (0.85 + 0.3 * random.next());
  return {
    from: at(fromMs),
    to: at(toMs),
    step,
    merchant_id: merchant,
    totals,
    previous: { from: at(2 * fromMs - toMs), to: at(fromMs), totals: totalsOf(drawSeries([2 * fromMs - toMs, fromMs], step, most)) },
    series,
    latency: STAGES.map((stage, index) => {
      const p50 = wobble(stage === 'total' ? 14.2 : 1.1 + index * 0.9);
      return { stage, decisions: totals.decisions, p50, p90: p50 * 1.6, p95: p50 * 2.1, p99: p50 * 3.4 };
    }),
    scores: drawScores(totals.decisions, wobble),
    reasons: REASONS.map((code, index) => ({
      code,
      decisions: Math.round(wobble(totals.decisions / (index + 1.6))),
      approve: Math.round(totals.approve / (index + 1.4)),
      review: Math.round(totals.review / (REASONS.length - index)),
      decline: Math.round(totals.decline / (REASONS.length - index)),
    })),
    merchants:
      merchant === null && most > 0
        ? MERCHANTS.map((merchant_id) => ({ merchant_id, totals: totalsOf([drawSums(random, most * 12), drawSums(random, most * 4)]) }))
        : [],
  };
}

function chooseStep(lengthMs: number): InsightStep {
  const steps = Object.entries(INSIGHT_STEPS_MS) as [InsightStep, number][];
  return steps.find(([, stepMs]) => lengthMs / stepMs <= POINTS_MAX)?.[0] ?? '1d';
}

/** Every step is drawn from its own time, so that the same step is the same in any question. */
function drawSeries([fromMs, toMs]: readonly [number, number], step: InsightStep, most: number): InsightPoint[] {
  const stepMs = INSIGHT_STEPS_MS[step];
  const first = Math.floor(fromMs / stepMs);
  const steps = most === 0 ? 0 : Math.ceil(toMs / stepMs) - first;
  return Array.from({ length: steps }, (_, index) => {
    const atMs = (first + index) * stepMs;
    return { at: new Date(Math.max(atMs, fromMs)).toISOString(), ...drawSums(new SeededRandom(atMs / 60_000), most) };
  });
}

function drawScores(decisions: number, wobble: (value: number) => number): Insights['scores'] {
  return Array.from({ length: 20 }, (_, index) => {
    const count = Math.round(wobble(decisions * (index === 0 ? 0.93 : 0.05 / (index + 1))));
    const none = { approve: 0, review: 0, decline: 0 };
    return { ...none, from: index * 50, to: (index + 1) * 50, [index < 1 ? 'approve' : index < 13 ? 'review' : 'decline']: count };
  });
}

function drawSums(random: SeededRandom, most: number): Sums {
  const decisions = random.whole(Math.floor(most / 2), most);
  const review = Math.round(decisions * (0.006 + 0.006 * random.next()));
  const decline = Math.round(decisions * (0.004 + 0.004 * random.next()));
  const fraud = Math.round(decisions * 0.008);
  return {
    decisions,
    approve: decisions - review - decline,
    review,
    decline,
    degraded: 0,
    fallbacks: 0,
    fraud,
    genuine: Math.round(decisions * 0.7),
    false_positives: Math.round(review * 0.3),
    frauds_stopped: Math.min(fraud, Math.round((review + decline) * 0.6)),
  };
}

function totalsOf(parts: readonly Sums[]): InsightTotals {
  const sum = (name: keyof Sums) => parts.reduce((total, part) => total + part[name], 0);
  const decisions = sum('decisions');
  const share = (part: number, whole: number) => (whole === 0 ? null : part / whole);
  const money = (count: number) => String(count * 4_187);
  return {
    decisions,
    approve: sum('approve'),
    review: sum('review'),
    decline: sum('decline'),
    degraded: 0,
    fallbacks: 0,
    fraud: sum('fraud'),
    genuine: sum('genuine'),
    false_positives: sum('false_positives'),
    frauds_stopped: sum('frauds_stopped'),
    approval_rate: share(sum('approve'), decisions),
    review_rate: share(sum('review'), decisions),
    decline_rate: share(sum('decline'), decisions),
    fraud_rate: share(sum('fraud'), decisions),
    false_positive_rate: share(sum('false_positives'), sum('false_positives') + sum('frauds_stopped')),
    money: [
      {
        currency: 'EUR',
        decided_minor: money(decisions),
        approved_minor: money(sum('approve')),
        lost_minor: money(sum('fraud') - sum('frauds_stopped')),
        prevented_minor: money(sum('frauds_stopped')),
        false_positive_minor: money(sum('false_positives')),
      },
    ],
  };
}
