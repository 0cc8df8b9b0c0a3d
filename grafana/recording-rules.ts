import { objectives, WINDOWS } from './objectives.ts';

/** A series that Prometheus computes and keeps under a name of its own. */
export interface RecordingRule {
  readonly record: string;
  readonly expr: string;
  readonly labels?: Readonly<Record<string, string>>;
}

/** Shares of bad events for each objective and window; nothing while nothing happens. */
const sloRules: RecordingRule[] = objectives.flatMap(({ id, bad, all }) =>
  WINDOWS.map((window) => ({
    record: `trx:slo_errors:ratio_rate${window}`,
    expr: `${bad(window)} / (${all(window)} > 0)`,
    labels: { slo: id },
  })),
);

/** What managers of risk look at by the hour, kept so that the same hour of last week costs one look-up. */
const riskRules: RecordingRule[] = [
  { record: 'trx:outcomes:increase1h', expr: 'sum by (action) (increase(trx_ledger_outcomes_total[1h]))' },
  {
    record: 'trx:outcomes:ratio_rate1h',
    expr: 'sum by (action) (rate(trx_ledger_outcomes_total[1h])) / on () group_left () (sum(rate(trx_ledger_outcomes_total[1h])) > 0)',
  },
  { record: 'trx:fraud_labels:increase1h', expr: 'sum(increase(trx_label_total{label="fraud"}[1h]))' },
  {
    record: 'trx:fraud_labels:ratio_rate1h',
    expr: 'sum(rate(trx_label_total{label="fraud"}[1h])) / (sum(rate(trx_ledger_outcomes_total[1h])) > 0)',
  },
  {
    record: 'trx:fallbacks:ratio_rate5m',
    expr: '(sum(rate(trx_fallback_total[5m])) or vector(0)) / (sum(rate(trx_decisions_total[5m])) > 0)',
  },
];

/** By purpose. */
export const recordingRules = { slo: sloRules, risk: riskRules } as const;
export type RecordingPurpose = keyof typeof recordingRules;
