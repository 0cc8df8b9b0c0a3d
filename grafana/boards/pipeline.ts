import { panelOf, type DashboardSpec } from '../panel.ts';

/** Whether messages, requests and processes keep up. */
export const pipeline: DashboardSpec = {
  uid: 'trx-pipeline',
  title: 'Pipeline',
  description: 'Rate, errors and duration of every route and topic; lag, dead letters, webhooks, feed, pools and processes.',
  rows: [
    {
      title: 'HTTP',
      panels: [
        {
          title: 'Requests a second',
          description: 'By service and route.',
          unit: 'reqps',
          kind: 'timeseries',
          queries: [
            {
              expr: 'sum by (service, method, route) (rate(trx_http_request_seconds_count[$__rate_interval]))',
              legend: '{{service}} {{method}} {{route}}',
            },
          ],
        },
        {
          title: 'Requests that failed',
          description: 'Answers of 500 and above a second, by service and route.',
          unit: 'reqps',
          kind: 'timeseries',
          queries: [
            {
              expr: 'sum by (service, route, status) (rate(trx_http_request_seconds_count{status=~"5.."}[$__rate_interval])) or vector(0)',
              legend: '{{service}} {{route}} {{status}}',
            },
          ],
        },
        {
          title: 'Time of a request, p99',
          description: 'By service and route.',
          unit: 's',
          kind: 'timeseries',
          queries: [
            {
              expr: 'histogram_quantile(0.99, sum by (le, service, route) (rate(trx_http_request_seconds_bucket[$__rate_interval])))',
              legend: '{{service}} {{route}}',
            },
          ],
        },
        {
          title: 'Problems by code',
          description: 'Requests a second that were answered with a problem document, or refused because their key asked too fast.',
          unit: 'reqps',
          kind: 'timeseries',
          queries: [
            { expr: 'sum by (service, code) (rate(trx_problems_total[$__rate_interval])) or vector(0)', legend: '{{service}} {{code}}' },
            { expr: 'sum(rate(trx_rate_limited_total[$__rate_interval])) or vector(0)', legend: 'rate limited' },
          ],
        },
        {
          title: 'Requests that wait',
          description: 'Requests that wait for their outcome. Grows when anything behind ingest is slow.',
          unit: 'short',
          kind: 'timeseries',
          queries: [{ expr: 'sum(trx_waiting_requests)', legend: 'waiting' }],
        },
        panelOf('TrafficSilent', { title: 'Payments in ten minutes', unit: 'short', legend: 'payments' }),
      ],
    },
    {
      title: 'Topics',
      panels: [
        panelOf('ConsumerLagHigh', { title: 'Lag in seconds', unit: 's', legend: '{{group}}' }),
        {
          title: 'Lag in messages',
          description: 'Messages that are not handled yet, as the last fetch saw it.',
          unit: 'short',
          kind: 'timeseries',
          queries: [{ expr: 'sum by (group, topic) (trx_consumer_lag_messages)', legend: '{{group}} {{topic}}' }],
        },
        {
          title: 'Messages handled',
          description: 'A second, by group, topic and verdict: ok, drop (a known duplicate) or reject (a dead letter).',
          unit: 'cps',
          kind: 'timeseries',
          queries: [
            {
              expr: 'sum by (group, topic, verdict) (rate(trx_consumed_total[$__rate_interval]))',
              legend: '{{group}} {{topic}} {{verdict}}',
            },
          ],
        },
        {
          title: 'Time of a batch, p99',
          description: 'That a batch of messages is worked on, tries in vain included.',
          unit: 's',
          kind: 'timeseries',
          queries: [
            {
              expr: 'histogram_quantile(0.99, sum by (le, group) (rate(trx_consume_seconds_bucket[$__rate_interval])))',
              legend: '{{group}}',
            },
          ],
        },
        {
          title: 'Messages published',
          description: 'A second, by topic, as the broker has accepted them.',
          unit: 'cps',
          kind: 'timeseries',
          queries: [{ expr: 'sum by (topic) (rate(trx_published_total[$__rate_interval]))', legend: '{{topic}}' }],
        },
        {
          title: 'Time to publish, p99',
          description: 'From handing a batch to the broker to its acknowledgement.',
          unit: 's',
          kind: 'timeseries',
          queries: [
            {
              expr: 'histogram_quantile(0.99, sum by (le, service) (rate(trx_publish_seconds_bucket[$__rate_interval])))',
              legend: '{{service}}',
            },
          ],
        },
        panelOf('DeadLetters', { title: 'Dead letters in 15 minutes', unit: 'short', legend: '{{topic}} {{code}}' }),
        panelOf('ConsumerStuck', { title: 'Batches tried again, in 5 minutes', unit: 'short', legend: '{{group}}' }),
      ],
    },
    {
      title: 'Webhooks',
      panels: [
        {
          title: 'Attempts a second',
          description: 'Webhook deliveries that were tried, by what became of them.',
          unit: 'cps',
          kind: 'timeseries',
          queries: [{ expr: 'sum by (result) (rate(trx_webhook_seconds_count[$__rate_interval])) or vector(0)', legend: '{{result}}' }],
        },
        {
          title: 'Deliveries that wait',
          description: 'Not made yet: new ones, and those that failed and are tried again later.',
          unit: 'short',
          kind: 'timeseries',
          queries: [{ expr: 'max(trx_webhooks_pending)', legend: 'waiting' }],
        },
        panelOf('WebhookCircuitOpen', { title: 'Endpoints that are left alone', unit: 'short', legend: 'endpoints' }),
        panelOf('WebhooksOverdue', { title: 'The longest overdue delivery', unit: 's', legend: 'overdue' }),
      ],
    },
    {
      title: 'Live feed',
      panels: [
        {
          title: 'Commit to frame',
          description: 'From the commit of an outcome to the frame that carries it to consoles.',
          unit: 's',
          kind: 'timeseries',
          queries: [0.5, 0.95, 0.99].map((q) => ({
            expr: `histogram_quantile(${q}, sum by (le) (rate(trx_event_to_frame_seconds_bucket[$__rate_interval])))`,
            legend: `p${q * 100}`,
          })),
        },
        {
          title: 'Frames and rows',
          description: 'A second. Skipped frames and sampled rows are what slow or many consoles do not get; their gaps are shown to them.',
          unit: 'cps',
          kind: 'timeseries',
          queries: [
            { expr: 'sum by (result) (rate(trx_feed_frames_total[$__rate_interval])) or vector(0)', legend: 'frames {{result}}' },
            { expr: 'sum by (result) (rate(trx_feed_rows_total[$__rate_interval])) or vector(0)', legend: 'rows {{result}}' },
          ],
        },
        {
          title: 'Consoles connected',
          description: 'Open sockets of browsers.',
          unit: 'short',
          kind: 'timeseries',
          queries: [{ expr: 'sum(trx_sockets)', legend: 'consoles' }],
        },
        {
          title: 'Age of the newest outcome',
          description: 'How old the newest outcome in the feed is. Grows when nothing is paid, too.',
          unit: 's',
          kind: 'timeseries',
          queries: [{ expr: 'max(trx_feed_freshness_seconds)', legend: 'age' }],
        },
      ],
    },
    {
      title: 'Processes',
      panels: [
        panelOf('ServiceDown', { title: 'Services that answer', unit: 'bool_yes_no', legend: '{{service}} {{instance}}' }),
        panelOf('ServiceAbsent', { title: 'Services that are not there at all', unit: 'short', legend: '{{service}}' }),
        panelOf('EventLoopStall', { title: 'Delay of the event loop, p99', unit: 's', legend: '{{service}} {{instance}}' }),
        panelOf('GarbageCollectionHigh', {
          title: 'Time spent on garbage collection',
          unit: 'percentunit',
          legend: '{{service}} {{instance}}',
        }),
        {
          title: 'Processors in use',
          description: 'Of one core, by process.',
          unit: 'percentunit',
          kind: 'timeseries',
          queries: [
            {
              expr: 'sum by (service, instance) (rate(trx_process_cpu_seconds_total[$__rate_interval]))',
              legend: '{{service}} {{instance}}',
            },
          ],
        },
        {
          title: 'Memory',
          description: 'Resident memory by process.',
          unit: 'bytes',
          kind: 'timeseries',
          queries: [{ expr: 'max by (service, instance) (trx_process_resident_memory_bytes)', legend: '{{service}} {{instance}}' }],
        },
        {
          title: 'Connections to PostgreSQL',
          description: 'Busy and idle ones, by pool.',
          unit: 'short',
          kind: 'timeseries',
          queries: [{ expr: 'sum by (pool, state) (trx_postgres_connections)', legend: '{{pool}} {{state}}' }],
        },
        panelOf('PostgresPoolExhausted', { title: 'Callers that wait for a connection', unit: 'short', legend: '{{pool}}' }),
      ],
    },
    {
      title: 'Logs',
      panels: [
        panelOf('LogShippingStopped', { title: 'Age of the oldest log line that waits', unit: 's', legend: 'age' }),
        panelOf('SecretsInLogs', { title: 'Secrets taken out of log lines, in 15 minutes', unit: 'short', legend: '{{service}} {{kind}}' }),
        {
          title: 'Log lines shipped',
          description: 'A second, by service, and those that Elasticsearch has refused for good.',
          unit: 'cps',
          kind: 'timeseries',
          queries: [
            { expr: 'sum by (service) (rate(trx_log_shipped_total[$__rate_interval])) or vector(0)', legend: '{{service}}' },
            { expr: 'sum by (service) (rate(trx_log_dead_total[$__rate_interval])) or vector(0)', legend: '{{service}} refused' },
          ],
        },
        {
          title: 'Logs that wait',
          description: 'Bytes in log files that are not shipped yet. Files are removed when they grow beyond what the machine keeps.',
          unit: 'bytes',
          kind: 'timeseries',
          queries: [{ expr: 'max(trx_log_spool_bytes)', legend: 'waiting' }],
        },
      ],
    },
    {
      title: 'The watchers',
      panels: [
        panelOf('NotificationsFailing', { title: 'Notifications that failed, in 5 minutes', unit: 'short', legend: '{{integration}}' }),
        panelOf('RuleEvaluationFailing', { title: 'Rules that could not be evaluated, in 5 minutes', unit: 'short', legend: 'failures' }),
      ],
    },
  ],
};
