import type { InsightPoint, Insights, InsightTotals } from '@trancendos/contracts/archive';
import { found, type MockAnswer } from './mock-answer.ts';
import type { MockWorld } from './mock-world.ts';
import { SeededRandom } from './seeded-random.ts';

const POINTS = 96;
const MERCHANTS = ['books-01', 'electronics-02', 'fuel-04', 'grocery-03', 'pharmacy-01', 'travel-02'];
const STAGES = ['ingest', 'to_scoring', 'scoring', 'to_ledger', 'ledger', 'total'] as const;
const REASONS = ['terminal_ordinary', 'amount_ordinary', 'customer_changed', 'amount_unusual', 'terminal_compromised', 'too_many_payments'];
const MOST_DECISIONS = 900;

type Sums = Omit<InsightPoint, 'at'>;

/** Answers `/api/review/v1/<path>` as the archive would: sums that fit together, drawn anew from the same seed for every question. */
export function answerReview(_world: MockWorld, path: string, query: URLSearchParams, isEmpty: boolean): MockAnswer | undefined {
  if (path !== 'insights') return undefined;
  return found(drawInsights(query, isEmpty ? 0 : MOST_DECISIONS));
}

function drawInsights(query: URLSearchParams, most: number): Insights {
  const random = new SeededRandom(11);
  const fromMs = Date.parse(query.get('from') ?? '');
  const toMs = Date.parse(query.get('to') ?? '');
  const at = (ms: number) => new Date(ms).toISOString();
  const series = Array.from({ length: most === 0 ? 0 : POINTS }, (_, index) => ({
    at: at(fromMs + ((toMs - fromMs) * index) / POINTS),
    ...drawSums(random, most),
  }));
  const merchant = query.get('merchant');
  const totals = totalsOf(series);
  return {
    from: at(fromMs),
    to: at(toMs),
    step: '15m',
    merchant_id: merchant,
    totals,
    previous: { from: at(2 * fromMs - toMs), to: at(fromMs), totals: totalsOf(series.map(() => drawSums(random, most))) },
    series,
    latency: STAGES.map((stage, index) => {
      const p50 = stage === 'total' ? 14.2 : 1.1 + index * 0.9;
      return { stage, decisions: totals.decisions, p50, p90: p50 * 1.6, p95: p50 * 2.1, p99: p50 * 3.4 };
    }),
    scores: Array.from({ length: 20 }, (_, index) => {
      const share = index === 0 ? 0.93 : 0.05 / (index + 1);
      const count = Math.round(totals.decisions * share);
      const none = { approve: 0, review: 0, decline: 0 };
      return { ...none, from: index * 50, to: (index + 1) * 50, [index < 1 ? 'approve' : index < 13 ? 'review' : 'decline']: count };
    }),
    reasons: REASONS.map((code, index) => ({
      code,
      decisions: Math.round(totals.decisions / (index + 1.4)),
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
