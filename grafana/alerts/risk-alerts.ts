import type { Alert, Trial } from '../alert.ts';
import { thresholds } from '../thresholds.ts';
import { counter, gauge } from '../trial-series.ts';

const common = { group: 'risk', team: 'risk', severity: 'ticket' } as const;
const WEEK_MINUTES = 7 * 24 * 60;
const JUMP_STEP_MINUTES = 30;
const WEEK_STEPS = WEEK_MINUTES / JUMP_STEP_MINUTES;

/** A week as usual, then two hours of twice as many, then as usual again. */
const weekTrial: Omit<Trial, 'series' | 'firing'> = {
  stepMinutes: JUMP_STEP_MINUTES,
  silentAtMinutes: (WEEK_STEPS - 1) * JUMP_STEP_MINUTES,
  firesAtMinutes: (WEEK_STEPS + 3) * JUMP_STEP_MINUTES,
  clearsAtMinutes: (WEEK_STEPS + 8) * JUMP_STEP_MINUTES,
};

const enoughPayments = (offset = '') => `sum(trx:outcomes:increase1h${offset}) > ${thresholds.jumpPaymentsMin}`;

/** What managers of risk decide about: who is turned away, what gets through, and whether the model still knows its payers. */
export const riskAlerts: readonly Alert[] = [
  jumpOf('decline', {
    name: 'DeclineRateJump',
    summary: 'Declines have jumped against the same hour last week',
    description:
      'The share of declined payments is {{ $value | humanize }} times what it was in this hour a week ago. An attack, a new rule or a model that has gone wrong turns payers away.',
  }),
  jumpOf('review', {
    name: 'ReviewRateJump',
    summary: 'Held payments have jumped against the same hour last week',
    description:
      'The share of payments held for review is {{ $value | humanize }} times what it was in this hour a week ago. Analysts get more than they are staffed for, and payers wait.',
  }),
  {
    ...common,
    name: 'ReviewOverdue',
    measure: 'max(trx_ledger_oldest_hold_seconds)',
    comparison: '>',
    threshold: thresholds.reviewSeconds,
    for: '5m',
    summary: 'A held payment has waited for half a day',
    description:
      'The oldest payment that is held for review has waited for {{ $value | humanizeDuration }}. After a day its hold falls to the policy, whatever an analyst would have said.',
    dashboard: 'trx-review',
    trial: {
      stepMinutes: 5,
      series: {
        'trx_ledger_oldest_hold_seconds{service="ledger"}': gauge(
          { steps: 4, value: 3_600 },
          { steps: 4, value: 46_800 },
          { steps: 4, value: 600 },
        ),
      },
      silentAtMinutes: 15,
      firesAtMinutes: 30,
      clearsAtMinutes: 45,
      firing: [{ labels: {}, value: '13h 0m 0s' }],
    },
  },
  {
    ...common,
    name: 'FraudRateJump',
    severity: 'page',
    measure: 'trx:fraud_labels:ratio_rate1h / (trx:fraud_labels:ratio_rate1h offset 1w > 0)',
    comparison: '>',
    threshold: thresholds.jump,
    provided: `and on () (trx:fraud_labels:increase1h > ${thresholds.jumpFraudsMin}) and on () (${enoughPayments()}) and on () (${enoughPayments(' offset 1w')})`,
    for: '10m',
    summary: 'Reported frauds have jumped against the same hour last week',
    description:
      'Frauds reported for every payment are {{ $value | humanize }} times what they were in this hour a week ago. Labels come late: the frauds themselves happened days before.',
    dashboard: 'trx-exec',
    trial: {
      ...weekTrial,
      series: {
        'trx_ledger_outcomes_total{service="ledger",action="approve",money="posted",reason="none"}': counter({
          steps: WEEK_STEPS + 12,
          perStep: 500,
        }),
        'trx_label_total{service="scoring",label="fraud",source="chargeback"}': counter(
          { steps: WEEK_STEPS, perStep: 15 },
          { steps: 4, perStep: 30 },
          { steps: 8, perStep: 15 },
        ),
      },
      firing: [{ labels: {}, value: '2' }],
    },
  },
  {
    ...common,
    name: 'ModelDrift',
    measure: 'max by (feature) (trx_drift_psi{steady="true"})',
    comparison: '>',
    threshold: thresholds.driftPsi,
    for: '30m',
    summary: '{{ $labels.feature }} has drifted from the training data',
    description:
      'Over seven days the population stability index of {{ $labels.feature }} is {{ $value | printf "%.2f" }}. The model judges payments unlike those that it has learnt from.',
    dashboard: 'trx-decisioning',
    trial: {
      stepMinutes: 5,
      series: {
        'trx_drift_psi{service="scoring",feature="amount",steady="true"}': gauge(
          { steps: 6, value: 0.05 },
          { steps: 12, value: 0.4 },
          { steps: 6, value: 0.05 },
        ),
        'trx_drift_psi{service="scoring",feature="customer_count",steady="false"}': gauge({ steps: 24, value: 0.9 }),
      },
      silentAtMinutes: 25,
      firesAtMinutes: 80,
      clearsAtMinutes: 95,
      firing: [{ labels: { feature: 'amount' }, value: '0.40' }],
    },
  },
  {
    ...common,
    name: 'FeatureParityBroken',
    measure: 'min(trx_feature_parity_ratio and on (service, instance) (trx_feature_parity_checked_total > 0))',
    comparison: '<',
    threshold: thresholds.parityRatio,
    for: '5m',
    summary: 'Live features differ from those of a replay',
    description:
      'Only {{ $value | humanizePercentage }} of the sampled decisions were made on the features that a replay of the log gives. Receipts cannot be repeated, and training no longer sees what serving sees.',
    dashboard: 'trx-decisioning',
    trial: {
      stepMinutes: 1,
      series: {
        'trx_feature_parity_ratio{service="scoring"}': gauge({ steps: 10, value: 1 }, { steps: 15, value: 0.98 }, { steps: 10, value: 1 }),
        'trx_feature_parity_checked_total{service="scoring"}': counter({ steps: 35, perStep: 10 }),
      },
      silentAtMinutes: 9,
      firesAtMinutes: 20,
      clearsAtMinutes: 26,
      firing: [{ labels: {}, value: '98%' }],
    },
  },
  {
    ...common,
    name: 'LabelsSilent',
    measure: 'sum(increase(trx_label_total[1d])) or vector(0)',
    comparison: '<',
    threshold: thresholds.labelsPerDayMin,
    provided: `and on () (sum(increase(trx_ledger_outcomes_total[1d])) > ${thresholds.jumpPaymentsMin})`,
    for: '1h',
    summary: 'No label has come for a day',
    description:
      'Payments flow, but no chargeback, verdict or other label has been folded for a day. Features of risk go stale, and nobody can say how well payments are decided.',
    dashboard: 'trx-exec',
    trial: {
      stepMinutes: 30,
      series: {
        'trx_ledger_outcomes_total{service="ledger",action="approve",money="posted",reason="none"}': counter({ steps: 200, perStep: 500 }),
        'trx_label_total{service="scoring",label="fraud",source="chargeback"}': counter(
          { steps: 60, perStep: 5 },
          { steps: 60, perStep: 0 },
          { steps: 80, perStep: 5 },
        ),
      },
      silentAtMinutes: 50 * 30,
      firesAtMinutes: 115 * 30,
      clearsAtMinutes: 130 * 30,
      firing: [{ labels: {} }],
    },
  },
  {
    ...common,
    name: 'ControlRefused',
    measure: 'sum by (kind) (increase(trx_control_total{result="refused"}[15m])) or vector(0)',
    comparison: '>',
    threshold: thresholds.controlRefusalsPer15Minutes,
    summary: 'A published {{ $labels.kind }} was refused by the workers',
    description:
      'A change of kind {{ $labels.kind }} did not check, so the workers go on with the one before. What was meant to hold does not hold.',
    dashboard: 'trx-decisioning',
    trial: {
      stepMinutes: 1,
      series: {
        'trx_control_total{service="scoring",kind="rules",result="refused"}': counter(
          { steps: 10, perStep: 0 },
          { steps: 5, perStep: 1 },
          { steps: 25, perStep: 0 },
        ),
      },
      silentAtMinutes: 9,
      firesAtMinutes: 14,
      clearsAtMinutes: 35,
      firing: [{ labels: { kind: 'rules' } }],
    },
  },
];

function jumpOf(action: 'decline' | 'review', told: Pick<Alert, 'name' | 'summary' | 'description'>): Alert {
  const share = `trx:outcomes:ratio_rate1h{action="${action}"}`;
  const name = (which: string, money: string) =>
    `trx_ledger_outcomes_total{service="ledger",action="${which}",money="${money}",reason="none"}`;
  return {
    ...common,
    ...told,
    measure: `${share} / (${share} offset 1w > 0)`,
    comparison: '>',
    threshold: thresholds.jump,
    provided: `and on (action) (${share} > ${thresholds.jumpRatioMin}) and on () (${enoughPayments()}) and on () (${enoughPayments(' offset 1w')})`,
    for: '10m',
    dashboard: 'trx-exec',
    trial: {
      ...weekTrial,
      series: {
        [name('approve', 'posted')]: counter({ steps: WEEK_STEPS, perStep: 475 }, { steps: 4, perStep: 450 }, { steps: 8, perStep: 475 }),
        [name(action, 'none')]: counter({ steps: WEEK_STEPS, perStep: 25 }, { steps: 4, perStep: 50 }, { steps: 8, perStep: 25 }),
      },
      firing: [{ labels: { action }, value: '2' }],
    },
  };
}
