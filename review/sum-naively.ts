import type { Label } from '@trancendos/contracts/label';
import type { Outcome } from '@trancendos/contracts/outcome';
import { latencyBucket, scoreBucket } from './histogram.ts';

/** The sums as they must be: counted from scratch over everything that was ever archived, each decision and label once. For tests. */
export interface NaiveSums {
  readonly decisions: Map<string, number>;
  readonly latencies: Map<string, number>;
  readonly reasons: Map<string, number>;
}

const SPANS_MS = { 1: 60_000, 60: 3_600_000, 1440: 86_400_000 };

/** Sums by names of what is counted, such as `60 2026-05-01T12:00:00.000Z books-01 decline luminous-2 EUR frauds`. Zeros are left out. */
export function sumNaively(outcomes: readonly Outcome[], labels: readonly Label[]): NaiveSums {
  const sums: NaiveSums = { decisions: new Map(), latencies: new Map(), reasons: new Map() };
  const add = (map: Map<string, number>, name: readonly (string | number)[], by = 1) => {
    if (by !== 0) map.set(name.join(' '), (map.get(name.join(' ')) ?? 0) + by);
  };
  for (const outcome of new Map(outcomes.map((one) => [one.ledger_seq, one])).values()) {
    const { transaction, action, versions, timings_ms } = outcome;
    const atMs = Date.parse(outcome.committed_at);
    const fraud = lastFinal(labels, outcome);
    for (const [span, spanMs] of Object.entries(SPANS_MS)) {
      for (const merchant of [transaction.merchant_id, '']) {
        const place = [span, new Date(Math.floor(atMs / spanMs) * spanMs).toISOString(), merchant];
        const group = [...place, action, versions.model ?? '', transaction.currency];
        add(sums.decisions, [...group, 'decisions']);
        add(sums.decisions, [...group, 'amount_minor'], transaction.amount_minor);
        add(sums.decisions, [...group, 'degraded'], Number(outcome.degraded));
        add(sums.decisions, [...group, 'fallbacks'], Number(outcome.actor === 'policy'));
        if (versions.model !== null) add(sums.decisions, [...group, `score ${scoreBucket(outcome.score)}`]);
        add(sums.decisions, [...group, 'frauds'], Number(fraud === true));
        add(sums.decisions, [...group, 'fraud_minor'], fraud === true ? transaction.amount_minor : 0);
        add(sums.decisions, [...group, 'genuine'], Number(fraud === false));
        add(sums.decisions, [...group, 'genuine_minor'], fraud === false ? transaction.amount_minor : 0);
        for (const [stage, ms = NaN] of Object.entries(timings_ms)) add(sums.latencies, [...place, stage, latencyBucket(ms)]);
        add(sums.latencies, [...place, 'total', latencyBucket(atMs - Date.parse(transaction.received_at))]);
        for (const code of new Set(outcome.reasons.map((reason) => reason.code))) add(sums.reasons, [...place, action, code]);
      }
    }
  }
  return sums;
}

function lastFinal(labels: readonly Label[], { transaction }: Outcome): boolean | undefined {
  const final = labels.filter(
    (label) =>
      label.merchant_id === transaction.merchant_id && label.transaction_id === transaction.transaction_id && label.maturity === 'final',
  );
  return final.sort((a, b) => (a.label_id < b.label_id ? 1 : -1))[0]?.fraud;
}
