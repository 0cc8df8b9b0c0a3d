import { Counter, Gauge, collectDefaultMetrics, register } from 'prom-client';
import { Histogram } from './histogram.ts';

/** Bucket bounds in seconds, dense around the targets for an answer (15, 40 and 75 ms). */
const LATENCY_SECONDS = [
  0.0005, 0.001, 0.002, 0.003, 0.005, 0.008, 0.012, 0.018, 0.025, 0.035, 0.05, 0.075, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 10,
];
const BATCH_SIZES = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000];

/**
 * Every metric of the platform, and nothing else names one. Labels are few and closed: no ids of people, cards or transactions.
 * Units are in the names.
 */
export const metrics = {
  hopSeconds: new Histogram({
    name: 'trx_hop_seconds',
    help: 'Time that a transaction spends in one hop of its path',
    labelNames: ['hop'] as const,
    buckets: LATENCY_SECONDS,
  }),
  httpSeconds: new Histogram({
    name: 'trx_http_request_seconds',
    help: 'Time from the arrival of a request to its answer',
    labelNames: ['route', 'method', 'status'] as const,
    buckets: LATENCY_SECONDS,
  }),
  problems: new Counter({ name: 'trx_problems_total', help: 'Requests answered with a problem', labelNames: ['code'] as const }),
  rateLimited: new Counter({ name: 'trx_rate_limited_total', help: 'Requests refused because their key asked too fast' }),
  webhookSeconds: new Histogram({
    name: 'trx_webhook_seconds',
    help: 'Time of one attempt to deliver a webhook',
    labelNames: ['result'] as const,
    buckets: LATENCY_SECONDS,
  }),
  operations: new Counter({
    name: 'trx_operations_total',
    help: 'Captures, voids, refunds and expired holds that the ledger has answered',
    labelNames: ['kind', 'status'] as const,
  }),
  webhooksPending: new Gauge({ name: 'trx_webhooks_pending', help: 'Webhook deliveries that are not made yet, counted up to 100,000' }),
  webhooksOverdueSeconds: new Gauge({
    name: 'trx_webhooks_overdue_seconds',
    help: 'Time since the longest waiting webhook delivery should have been tried',
  }),
  webhookCircuitsOpen: new Gauge({
    name: 'trx_webhook_circuits_open',
    help: 'Endpoints that are left alone for a while because their deliveries kept failing',
  }),
  parkedLabelsMatched: new Counter({ name: 'trx_parked_labels_matched_total', help: 'Labels published after their transaction had come' }),
  waiting: new Gauge({ name: 'trx_waiting_requests', help: 'Requests that wait for their outcome' }),
  claimBatchSize: new Histogram({ name: 'trx_claim_batch_size', help: 'Claims per commit', buckets: BATCH_SIZES }),

  consumed: new Counter({
    name: 'trx_consumed_total',
    help: 'Messages handled',
    labelNames: ['group', 'topic', 'verdict'] as const,
  }),
  consumeSeconds: new Histogram({
    name: 'trx_consume_seconds',
    help: 'Time that a batch of messages is worked on, tries in vain included',
    labelNames: ['group'] as const,
    buckets: LATENCY_SECONDS,
  }),
  consumeBatchSize: new Histogram({
    name: 'trx_consume_batch_size',
    help: 'Messages handled in one go',
    labelNames: ['group'] as const,
    buckets: BATCH_SIZES,
  }),
  consumeRetries: new Counter({
    name: 'trx_consume_retries_total',
    help: 'Batches that had to be tried again because something they need was away',
    labelNames: ['group'] as const,
  }),
  lagMessages: new Gauge({
    name: 'trx_consumer_lag_messages',
    help: 'Messages not yet handled',
    labelNames: ['group', 'topic', 'partition'] as const,
  }),
  lagSeconds: new Gauge({ name: 'trx_consumer_lag_seconds', help: 'Age of the oldest message in hand', labelNames: ['group'] as const }),
  published: new Counter({ name: 'trx_published_total', help: 'Messages that the broker has accepted', labelNames: ['topic'] as const }),
  publishSeconds: new Histogram({
    name: 'trx_publish_seconds',
    help: 'Time from handing a batch to the broker to its acknowledgement',
    buckets: LATENCY_SECONDS,
  }),
  publishBatchSize: new Histogram({ name: 'trx_publish_batch_size', help: 'Messages per produce request', buckets: BATCH_SIZES }),
  deadLetters: new Counter({
    name: 'trx_dead_letters_total',
    help: 'Messages set aside because no retry can mend them',
    labelNames: ['topic', 'code'] as const,
  }),

  postgresConnections: new Gauge({
    name: 'trx_postgres_connections',
    help: 'Connections to PostgreSQL by pool: busy, or idle',
    labelNames: ['pool', 'state'] as const,
  }),
  postgresWaiting: new Gauge({
    name: 'trx_postgres_waiting',
    help: 'Callers that wait for a connection because all of them are busy',
    labelNames: ['pool'] as const,
  }),

  decisions: new Counter({
    name: 'trx_decisions_total',
    help: 'Decisions published',
    labelNames: ['action', 'model', 'actor'] as const,
  }),
  score: new Histogram({
    name: 'trx_score',
    help: 'Scores, 0 to 1000',
    labelNames: ['model'] as const,
    buckets: [1, 2, 5, 10, 20, 50, 100, 200, 300, 400, 500, 600, 700, 800, 900, 1000],
  }),
  reasons: new Counter({ name: 'trx_reason_total', help: 'Reasons given', labelNames: ['code'] as const }),
  fallbacks: new Counter({
    name: 'trx_fallback_total',
    help: 'Decisions that skipped a step of the ladder',
    labelNames: ['cause'] as const,
  }),
  labels: new Counter({ name: 'trx_label_total', help: 'Labels folded into the features', labelNames: ['label', 'source'] as const }),
  featureEntities: new Gauge({
    name: 'trx_feature_entities',
    help: 'Entities with feature state in memory',
    labelNames: ['entity'] as const,
  }),
  snapshotSeconds: new Histogram({
    name: 'trx_snapshot_seconds',
    help: 'Time to write a snapshot of the feature state',
    buckets: LATENCY_SECONDS,
  }),

  ledgerBatchSize: new Histogram({ name: 'trx_ledger_batch_size', help: 'Decisions, commands and ticks per commit', buckets: BATCH_SIZES }),
  control: new Counter({
    name: 'trx_control_total',
    help: 'Control messages taken in or refused',
    labelNames: ['kind', 'result'] as const,
  }),
  modelActive: new Gauge({
    name: 'trx_model_active',
    help: '1 for the version that scores in a role; no champion means that decisions are degraded',
    labelNames: ['role', 'model'] as const,
  }),
  listEntries: new Gauge({ name: 'trx_list_entries', help: 'Entries of all allow and block lists' }),
  rules: new Counter({
    name: 'trx_rule_total',
    help: 'Payments that a rule holds for, or that it cannot judge because a field is missing',
    labelNames: ['rule', 'result'] as const,
  }),
  featureMissing: new Counter({
    name: 'trx_feature_missing_total',
    help: 'Payments without a field that features are computed from; they get the declared defaults',
    labelNames: ['field'] as const,
  }),
  foldOutcomes: new Counter({
    name: 'trx_fold_total',
    help: 'Transactions and labels by what folding them did; too_old: before what is kept',
    labelNames: ['topic', 'outcome'] as const,
  }),
  lateLabels: new Counter({
    name: 'trx_scoring_late_labels_total',
    help: 'Labels that came in after the turn that they have in a replay; anything but 0 needs a look',
  }),
  settlingLabels: new Gauge({
    name: 'trx_scoring_settling_labels',
    help: 'Labels that were read and have their turn with the transactions that come next',
  }),
  vectorsReread: new Counter({
    name: 'trx_feature_vectors_reread_total',
    help: 'Payments decided on features that had to be read after later events; anything but 0 needs a look',
  }),
  driftJudged: new Gauge({ name: 'trx_drift_judged', help: '1 where a whole week of payments is compared with the training data' }),
  driftPsi: new Gauge({
    name: 'trx_drift_psi',
    help: 'Population stability index of a feature, or of the score, over seven days against the training data; 0 while not judged',
    labelNames: ['feature', 'steady'] as const,
  }),
  driftKs: new Gauge({
    name: 'trx_drift_ks',
    help: 'Largest difference of cumulated shares over seven days against the training data; 0 while not judged',
    labelNames: ['feature'] as const,
  }),
  maturePayments: new Gauge({ name: 'trx_mature_payments', help: 'Payments old enough that their labels are known' }),
  matureMetric: new Gauge({
    name: 'trx_mature_metric',
    help: 'How well payments with mature labels were decided: auc, average_precision, alert_precision, alert_recall, money_stopped',
    labelNames: ['metric'] as const,
  }),
  featureParity: new Gauge({
    name: 'trx_feature_parity_ratio',
    help: 'Share of sampled decisions whose features a replay of the log gives again to the last bit; anything but 1 is a fault',
  }),
  featureParityChecked: new Counter({ name: 'trx_feature_parity_checked_total', help: 'Decisions compared with a replay of the log' }),
  challengerScored: new Counter({
    name: 'trx_challenger_scored_total',
    help: 'Payments that a challenger scored, by the band of the model in charge and its own',
    labelNames: ['challenger', 'band', 'challenger_band'] as const,
  }),
  challengerDropped: new Counter({
    name: 'trx_challenger_dropped_total',
    help: 'Payments that challengers did not score because their queue was full',
  }),
  challengerGap: new Histogram({
    name: 'trx_challenger_gap',
    help: 'Distance of a challenger from the score in charge, 0 to 1000',
    labelNames: ['challenger'] as const,
    buckets: [0, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000],
  }),

  ledgerCommitSeconds: new Histogram({ name: 'trx_ledger_commit_seconds', help: 'Time of the commit call', buckets: LATENCY_SECONDS }),
  ledgerOutcomes: new Counter({
    name: 'trx_ledger_outcomes_total',
    help: 'Outcomes committed',
    labelNames: ['action', 'money', 'reason'] as const,
  }),
  ledgerOutcomeAmount: new Counter({
    name: 'trx_ledger_outcome_amount_minor_total',
    help: 'Amounts of the payments whose outcomes were committed, in minor units',
    labelNames: ['action', 'currency'] as const,
  }),
  ledgerCommands: new Counter({
    name: 'trx_ledger_commands_total',
    help: 'Commands that had an outcome, and holds that expired',
    labelNames: ['kind', 'result'] as const,
  }),
  ledgerTransfers: new Counter({ name: 'trx_ledger_transfers_total', help: 'Transfers committed' }),
  ledgerImbalance: new Gauge({
    name: 'trx_ledger_imbalance_minor',
    help: 'Debits minus credits over all accounts, posted and pending; anything but 0 is a fault',
    labelNames: ['currency'] as const,
  }),
  ledgerSeq: new Gauge({ name: 'trx_ledger_seq', help: 'Position of the last committed entry' }),
  ledgerOpenHolds: new Gauge({ name: 'trx_ledger_open_holds', help: 'Holds that are open', labelNames: ['currency'] as const }),
  ledgerHeldMinor: new Gauge({
    name: 'trx_ledger_held_minor',
    help: 'Money in open holds, in minor units',
    labelNames: ['currency'] as const,
  }),
  ledgerOldestHoldSeconds: new Gauge({ name: 'trx_ledger_oldest_hold_seconds', help: 'Age of the oldest open hold; 0 without one' }),
  ledgerStaleHolds: new Gauge({ name: 'trx_ledger_stale_holds', help: 'Open holds that should have fallen to their policy a minute ago' }),
  ledgerSequenceGaps: new Gauge({
    name: 'trx_ledger_sequence_gaps',
    help: 'Places at the newest end of the journal where numbering or hash chain is broken; anything but 0 is a fault',
  }),
  balanceCache: new Counter({ name: 'trx_balance_cache_total', help: 'Balances asked of the cache', labelNames: ['result'] as const }),
  outboxOldestSeconds: new Gauge({
    name: 'trx_outbox_oldest_seconds',
    help: 'Age of the oldest outcome that is committed and not yet published',
  }),

  reviewArchived: new Counter({
    name: 'trx_review_archived_total',
    help: 'Decisions, late decisions and labels archived',
    labelNames: ['kind'] as const,
  }),
  reviewBatchSeconds: new Histogram({
    name: 'trx_review_batch_seconds',
    help: 'Time to archive a batch',
    buckets: LATENCY_SECONDS,
  }),
  reviewParkedLabels: new Gauge({ name: 'trx_review_parked_labels', help: 'Labels whose decision the archive has not got' }),

  feedFrames: new Counter({ name: 'trx_feed_frames_total', help: 'Frames for consoles', labelNames: ['result'] as const }),
  feedRows: new Counter({ name: 'trx_feed_rows_total', help: 'Rows for consoles', labelNames: ['result'] as const }),
  feedRooms: new Gauge({ name: 'trx_feed_rooms', help: 'Filters of the feed that are followed' }),
  feedPaces: new Gauge({ name: 'trx_feed_consoles', help: 'Consoles by how they are served', labelNames: ['pace'] as const }),
  feedFreshness: new Gauge({ name: 'trx_feed_freshness_seconds', help: 'Age of the newest outcome in the feed' }),
  eventToFrame: new Histogram({
    name: 'trx_event_to_frame_seconds',
    help: 'Time from the commit of an outcome to its frame',
    buckets: LATENCY_SECONDS,
  }),
  logScrubbed: new Counter({
    name: 'trx_log_scrubbed_total',
    help: 'Secrets that the last stage has taken out of log lines; each is a place in the code that has to be mended',
    labelNames: ['kind'] as const,
  }),
  logFieldsDropped: new Counter({
    name: 'trx_log_fields_dropped_total',
    help: 'Fields left out of log lines because they are not on the list, or hold another kind of value',
  }),
  logLinesDropped: new Counter({
    name: 'trx_log_lines_dropped_total',
    help: 'Log lines dropped in the process because nobody reads its output',
  }),
  logShipped: new Counter({
    name: 'trx_log_shipped_total',
    help: 'Log lines that Elasticsearch has, or has refused for good',
    labelNames: ['service'] as const,
  }),
  logShipLagSeconds: new Gauge({
    name: 'trx_log_ship_lag_seconds',
    help: 'Age of the oldest log line that is being shipped; 0 when none waits',
  }),
  logSpoolBytes: new Gauge({ name: 'trx_log_spool_bytes', help: 'Bytes in log files that are not shipped yet' }),
  logDead: new Counter({
    name: 'trx_log_dead_total',
    help: 'Log lines that Elasticsearch has refused for good; they are kept aside',
    labelNames: ['service'] as const,
  }),
  logLostBytes: new Counter({
    name: 'trx_log_lost_bytes_total',
    help: 'Bytes of log files that were removed before they were shipped; anything but 0 needs more files',
    labelNames: ['service'] as const,
  }),
  logShipRetries: new Counter({ name: 'trx_log_ship_retries_total', help: 'Bulk requests that have to be made again' }),
  sockets: new Gauge({ name: 'trx_sockets', help: 'Consoles connected' }),
} as const;

/** The text that Prometheus scrapes; includes the process's memory, CPU, garbage collection and event-loop delay. */
export function renderMetrics(): Promise<string> {
  return register.metrics();
}

/** The content type of `renderMetrics`. */
export const METRICS_CONTENT_TYPE: string = register.contentType;

/** Starts to watch the process itself; the event-loop delay is `trx_nodejs_eventloop_lag_*_seconds`. Called once, by `serveHealth`. */
export function watchProcess(service: string): void {
  register.setDefaultLabels({ service });
  collectDefaultMetrics({ prefix: 'trx_' });
}
