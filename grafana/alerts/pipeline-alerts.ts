import type { Alert } from '../alert.ts';
import { thresholds } from '../thresholds.ts';
import { counter, gauge } from '../trial-series.ts';

const common = { group: 'pipeline', team: 'on-call', severity: 'page', comparison: '>', dashboard: 'trx-pipeline' } as const;
const PAYMENTS = 'trx_http_request_seconds_count{service="ingest",method="POST",route="/v1/transactions"}';

/** What keeps payments from going through, or from being told. */
export const pipelineAlerts: readonly Alert[] = [
  {
    ...common,
    name: 'ConsumerLagHigh',
    measure: 'max by (group) (trx_consumer_lag_seconds)',
    threshold: thresholds.lagSeconds,
    for: '1m',
    summary: 'Group {{ $labels.group }} is behind',
    description:
      'The oldest message that {{ $labels.group }} has in hand was sent {{ $value | humanizeDuration }} ago. Until it catches up, answers fall back to policy and consoles show the past.',
    trial: {
      stepMinutes: 1,
      series: {
        'trx_consumer_lag_seconds{service="scoring",group="scoring"}': gauge(
          { steps: 5, value: 0.1 },
          { steps: 6, value: 42 },
          { steps: 5, value: 0.1 },
        ),
        'trx_consumer_lag_seconds{service="ledger",group="ledger"}': gauge({ steps: 16, value: 0.1 }),
      },
      silentAtMinutes: 4,
      firesAtMinutes: 7,
      clearsAtMinutes: 12,
      firing: [{ labels: { group: 'scoring' }, value: '42s' }],
    },
  },
  {
    ...common,
    name: 'ConsumerStuck',
    measure: 'sum by (group) (increase(trx_consume_retries_total[5m])) or vector(0)',
    threshold: thresholds.consumeRetriesPer5Minutes,
    for: '5m',
    summary: 'Group {{ $labels.group }} tries the same batch again and again',
    description:
      'Something that {{ $labels.group }} needs is away: it has tried for more than five minutes, commits nothing and loses nothing.',
    trial: {
      stepMinutes: 1,
      series: {
        'trx_consume_retries_total{service="ledger",group="ledger"}': counter(
          { steps: 10, perStep: 0 },
          { steps: 15, perStep: 12 },
          { steps: 15, perStep: 0 },
        ),
      },
      silentAtMinutes: 9,
      firesAtMinutes: 20,
      clearsAtMinutes: 32,
      firing: [{ labels: { group: 'ledger' } }],
    },
  },
  {
    ...common,
    name: 'DeadLetters',
    severity: 'ticket',
    measure: 'sum by (topic, code) (increase(trx_dead_letters_total[15m]))',
    threshold: thresholds.deadLettersPer15Minutes,
    summary: 'Messages of {{ $labels.topic }} were set aside: {{ $labels.code }}',
    description: 'No retry can mend them, so they lie in dead-letters.v1 and their payments wait for somebody to look.',
    trial: {
      stepMinutes: 1,
      series: {
        'trx_dead_letters_total{service="scoring",topic="transactions",code="schema_mismatch"}': counter(
          { steps: 10, perStep: 0 },
          { steps: 3, perStep: 1 },
          { steps: 27, perStep: 0 },
        ),
        'trx_dead_letters_total{service="scoring",topic="labels",code="schema_mismatch"}': counter({ steps: 40, perStep: 0 }),
      },
      silentAtMinutes: 9,
      firesAtMinutes: 12,
      clearsAtMinutes: 35,
      firing: [{ labels: { topic: 'transactions', code: 'schema_mismatch' } }],
    },
  },
  {
    ...common,
    name: 'FallbackRateHigh',
    measure: 'trx:fallbacks:ratio_rate5m',
    threshold: thresholds.fallbackRatio,
    for: '5m',
    summary: 'Too many decisions skip a step of the ladder',
    description:
      '{{ $value | humanizePercentage }} of the decisions fell back to rules or to the policy of the merchant. They are safe, but worse than the model.',
    dashboard: 'trx-decisioning',
    trial: {
      stepMinutes: 1,
      series: {
        'trx_decisions_total{service="scoring",action="approve",model="luminous-2",actor="luminous"}': counter({
          steps: 60,
          perStep: 1_000,
        }),
        'trx_fallback_total{service="ingest",cause="deadline"}': counter(
          { steps: 20, perStep: 0 },
          { steps: 20, perStep: 50 },
          { steps: 20, perStep: 0 },
        ),
      },
      silentAtMinutes: 19,
      firesAtMinutes: 35,
      clearsAtMinutes: 50,
      firing: [{ labels: {}, value: '5%' }],
    },
  },
  {
    ...common,
    name: 'NoChampion',
    measure: 'sum(trx_model_active{role="champion"}) or vector(0)',
    comparison: '<',
    threshold: thresholds.championsMin,
    provided: 'and on () (sum(up{job="trancendos",service="scoring"}) > 0)',
    for: '1m',
    summary: 'No model scores payments',
    description: 'No worker has a champion: every payment is decided by rules and lists alone, and is marked as degraded.',
    dashboard: 'trx-decisioning',
    trial: {
      stepMinutes: 1,
      series: {
        'up{job="trancendos",service="scoring",instance="a"}': gauge({ steps: 20, value: 1 }),
        'trx_model_active{service="scoring",role="champion",model="luminous-2",instance="a"}': gauge(
          { steps: 5, value: 1 },
          { steps: 8, value: 0 },
          { steps: 7, value: 1 },
        ),
      },
      silentAtMinutes: 4,
      firesAtMinutes: 7,
      clearsAtMinutes: 14,
      firing: [{ labels: {} }],
    },
  },
  {
    ...common,
    name: 'TrafficSilent',
    measure: `sum(increase(${PAYMENTS}[10m])) or vector(0)`,
    comparison: '<',
    threshold: thresholds.paymentsPer10MinutesMin,
    provided: `and on () (sum(increase(${PAYMENTS}[6h])) > ${thresholds.jumpPaymentsMin})`,
    for: '5m',
    summary: 'No payment has been asked for',
    description:
      'Merchants have sent no payment for ten minutes, though they did within the last six hours. Either they cannot reach the API, or the route to it is gone.',
    trial: {
      stepMinutes: 1,
      series: {
        [PAYMENTS.replace('}', ',status="200"}')]: counter(
          { steps: 30, perStep: 100 },
          { steps: 30, perStep: 0 },
          { steps: 30, perStep: 100 },
        ),
      },
      silentAtMinutes: 29,
      firesAtMinutes: 55,
      clearsAtMinutes: 70,
      firing: [{ labels: {} }],
    },
  },
  {
    ...common,
    name: 'WebhookCircuitOpen',
    severity: 'ticket',
    measure: 'max(trx_webhook_circuits_open)',
    threshold: thresholds.webhookCircuitsOpen,
    for: '15m',
    summary: 'Webhook endpoints are left alone because they keep failing',
    description:
      '{{ $value | humanize }} endpoints of merchants have failed so often that they are tried now and then only. Their events wait, for a day at most.',
    trial: {
      stepMinutes: 1,
      series: {
        'trx_webhook_circuits_open{service="ingest"}': gauge({ steps: 5, value: 0 }, { steps: 25, value: 2 }, { steps: 5, value: 0 }),
      },
      silentAtMinutes: 15,
      firesAtMinutes: 25,
      clearsAtMinutes: 31,
      firing: [{ labels: {}, value: '2' }],
    },
  },
  {
    ...common,
    name: 'WebhooksOverdue',
    severity: 'ticket',
    measure: 'max(trx_webhooks_overdue_seconds)',
    threshold: thresholds.webhooksOverdueSeconds,
    for: '5m',
    summary: 'Webhooks are not sent when they are due',
    description:
      'The longest waiting delivery should have been tried {{ $value | humanizeDuration }} ago. Merchants learn late what became of their payments.',
    trial: {
      stepMinutes: 1,
      series: {
        'trx_webhooks_overdue_seconds{service="ingest"}': gauge(
          { steps: 5, value: 1 },
          { steps: 15, value: 1_200 },
          { steps: 5, value: 0 },
        ),
      },
      silentAtMinutes: 6,
      firesAtMinutes: 15,
      clearsAtMinutes: 21,
      firing: [{ labels: {}, value: '20m 0s' }],
    },
  },
];
