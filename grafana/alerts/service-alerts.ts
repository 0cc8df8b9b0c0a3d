import type { Alert } from '../alert.ts';
import { thresholds } from '../thresholds.ts';
import { counter, gauge, missing } from '../trial-series.ts';

const common = { group: 'services', team: 'on-call', severity: 'page', comparison: '>', dashboard: 'trx-pipeline' } as const;

/** Every service that has to be there. */
export const SERVICES = ['ingest', 'scoring', 'ledger', 'review', 'realtime'] as const;

/** Whether the processes themselves are well, and those that watch them. */
export const serviceAlerts: readonly Alert[] = [
  {
    ...common,
    name: 'ServiceDown',
    measure: 'up{job="trancendos"}',
    comparison: '<',
    threshold: thresholds.targetUp,
    for: '1m',
    summary: '{{ $labels.service }} on {{ $labels.instance }} does not answer',
    description:
      'The metrics of {{ $labels.service }} on {{ $labels.instance }} could not be scraped for a minute: it is down, hangs, or cannot be reached.',
    trial: {
      stepMinutes: 1,
      series: {
        'up{job="trancendos",service="ledger",instance="a:9182"}': gauge(
          { steps: 5, value: 1 },
          { steps: 5, value: 0 },
          { steps: 5, value: 1 },
        ),
        'up{job="trancendos",service="ingest",instance="a:9181"}': gauge({ steps: 15, value: 1 }),
      },
      silentAtMinutes: 4,
      firesAtMinutes: 7,
      clearsAtMinutes: 11,
      firing: [{ labels: { job: 'trancendos', service: 'ledger', instance: 'a:9182' } }],
    },
  },
  {
    ...common,
    name: 'ServiceAbsent',
    measure: `${SERVICES.map((service) => `absent(up{job="trancendos",service="${service}"})`).join(' or ')} or vector(0)`,
    threshold: thresholds.servicesAbsent,
    for: '5m',
    summary: 'There is no {{ $labels.service }} at all',
    description: 'Nobody tells Prometheus of a {{ $labels.service }}: it was scaled to nothing, its target is gone, or it was renamed.',
    trial: {
      stepMinutes: 1,
      series: Object.fromEntries(
        SERVICES.map((service) => [
          `up{job="trancendos",service="${service}",instance="a"}`,
          service === 'scoring'
            ? `${gauge({ steps: 10, value: 1 })} ${missing(20)} ${gauge({ steps: 10, value: 1 })}`
            : gauge({ steps: 40, value: 1 }),
        ]),
      ),
      silentAtMinutes: 9,
      firesAtMinutes: 25,
      clearsAtMinutes: 32,
      firing: [{ labels: { job: 'trancendos', service: 'scoring' } }],
    },
  },
  {
    ...common,
    name: 'EventLoopStall',
    measure: 'max by (service, instance) (trx_nodejs_eventloop_lag_p99_seconds)',
    threshold: thresholds.eventLoopSecondsP99,
    for: '5m',
    summary: 'The event loop of {{ $labels.service }} stalls',
    description:
      'On {{ $labels.instance }} one turn in a hundred takes longer than {{ $value | humanizeDuration }}: everything that {{ $labels.service }} does waits for it.',
    trial: {
      stepMinutes: 1,
      series: {
        'trx_nodejs_eventloop_lag_p99_seconds{service="scoring",instance="a:9183"}': gauge(
          { steps: 5, value: 0.01 },
          { steps: 12, value: 1.5 },
          { steps: 5, value: 0.01 },
        ),
      },
      silentAtMinutes: 4,
      firesAtMinutes: 12,
      clearsAtMinutes: 18,
      firing: [{ labels: { service: 'scoring', instance: 'a:9183' }, value: '1.5s' }],
    },
  },
  {
    ...common,
    name: 'GarbageCollectionHigh',
    severity: 'ticket',
    measure: 'sum by (service, instance) (rate(trx_nodejs_gc_duration_seconds_sum[5m]))',
    threshold: thresholds.garbageCollectionRatio,
    for: '15m',
    summary: '{{ $labels.service }} spends its time on collecting garbage',
    description:
      'On {{ $labels.instance }} {{ $value | humanizePercentage }} of the time goes into garbage collection: the heap is too small, or it leaks.',
    trial: {
      stepMinutes: 1,
      series: {
        'trx_nodejs_gc_duration_seconds_sum{service="scoring",instance="a:9183",kind="major"}': counter(
          { steps: 20, perStep: 1 },
          { steps: 30, perStep: 15 },
          { steps: 20, perStep: 1 },
        ),
      },
      silentAtMinutes: 19,
      firesAtMinutes: 48,
      clearsAtMinutes: 60,
      firing: [{ labels: { service: 'scoring', instance: 'a:9183' }, value: '25%' }],
    },
  },
  {
    ...common,
    name: 'PostgresPoolExhausted',
    severity: 'ticket',
    measure: 'max by (pool) (trx_postgres_waiting)',
    threshold: thresholds.poolWaiting,
    for: '5m',
    summary: 'Callers wait for a connection of pool {{ $labels.pool }}',
    description:
      'For five minutes {{ $value | humanize }} or more callers have waited: PostgreSQL is slow, a query holds its connection, or the pool is too small.',
    trial: {
      stepMinutes: 1,
      series: {
        'trx_postgres_waiting{service="ingest",pool="ingest"}': gauge(
          { steps: 5, value: 0 },
          { steps: 12, value: 7 },
          { steps: 5, value: 0 },
        ),
      },
      silentAtMinutes: 4,
      firesAtMinutes: 12,
      clearsAtMinutes: 18,
      firing: [{ labels: { pool: 'ingest' }, value: '7' }],
    },
  },
  {
    ...common,
    name: 'LogShippingStopped',
    severity: 'ticket',
    measure: 'max(trx_log_ship_lag_seconds)',
    threshold: thresholds.logLagSeconds,
    for: '5m',
    summary: 'Logs no longer reach Elasticsearch',
    description:
      'The oldest log line that waits to be shipped is {{ $value | humanizeDuration }} old. Nothing is lost while the files on the machine last, but nobody can search it.',
    trial: {
      stepMinutes: 1,
      series: {
        'trx_log_ship_lag_seconds{service="shipper"}': gauge({ steps: 5, value: 1 }, { steps: 15, value: 900 }, { steps: 5, value: 0 }),
      },
      silentAtMinutes: 4,
      firesAtMinutes: 15,
      clearsAtMinutes: 21,
      firing: [{ labels: {}, value: '15m 0s' }],
    },
  },
  {
    ...common,
    name: 'SecretsInLogs',
    severity: 'ticket',
    measure: 'sum by (service, kind) (increase(trx_log_scrubbed_total[15m])) or vector(0)',
    threshold: thresholds.logSecretsPer15Minutes,
    summary: 'The scrubber has taken a {{ $labels.kind }} out of a log line',
    description:
      'Something in {{ $labels.service }} writes what must not be written. The last stage has caught it; the place in the code has to be mended.',
    trial: {
      stepMinutes: 1,
      series: {
        'trx_log_scrubbed_total{service="ingest",kind="card"}': counter(
          { steps: 10, perStep: 0 },
          { steps: 3, perStep: 1 },
          { steps: 27, perStep: 0 },
        ),
      },
      silentAtMinutes: 9,
      firesAtMinutes: 12,
      clearsAtMinutes: 35,
      firing: [{ labels: { service: 'ingest', kind: 'card' } }],
    },
  },
  {
    ...common,
    name: 'NotificationsFailing',
    measure: 'sum by (integration) (increase(alertmanager_notifications_failed_total[5m])) or vector(0)',
    threshold: thresholds.notificationsFailedPer5Minutes,
    for: '5m',
    summary: 'Alertmanager cannot tell anybody by {{ $labels.integration }}',
    description: 'Notifications by {{ $labels.integration }} keep failing: whoever relies on them hears nothing of other alerts.',
    trial: {
      stepMinutes: 1,
      series: {
        'alertmanager_notifications_failed_total{job="alertmanager",integration="slack",reason="other"}': counter(
          { steps: 10, perStep: 0 },
          { steps: 15, perStep: 2 },
          { steps: 15, perStep: 0 },
        ),
      },
      silentAtMinutes: 9,
      firesAtMinutes: 20,
      clearsAtMinutes: 32,
      firing: [{ labels: { integration: 'slack' } }],
    },
  },
  {
    ...common,
    name: 'RuleEvaluationFailing',
    severity: 'ticket',
    measure: 'sum(increase(prometheus_rule_evaluation_failures_total[5m])) or vector(0)',
    threshold: thresholds.ruleFailuresPer5Minutes,
    for: '5m',
    summary: 'Prometheus cannot evaluate some rules',
    description: '{{ $value | humanize }} evaluations failed in five minutes: alerts may be blind.',
    trial: {
      stepMinutes: 1,
      series: {
        'prometheus_rule_evaluation_failures_total{job="prometheus",rule_group="x"}': counter(
          { steps: 10, perStep: 0 },
          { steps: 15, perStep: 2 },
          { steps: 15, perStep: 0 },
        ),
      },
      silentAtMinutes: 9,
      firesAtMinutes: 20,
      clearsAtMinutes: 32,
      firing: [{ labels: {}, value: '10' }],
    },
  },
];
