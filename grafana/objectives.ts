/** A promise about the service, as a share of events that have to be good over 30 days. */
export interface Objective {
  /** Label `slo` of the recorded series. */
  readonly id: string;
  /** Name of the alert on its burn rate. */
  readonly alert: string;
  readonly title: string;
  /** What is promised, in a sentence. */
  readonly promise: string;
  /** 0.999 allows one bad event in a thousand. */
  readonly target: number;
  /** PromQL of events a second over a window such as `5m`. */
  readonly bad: (window: string) => string;
  readonly all: (window: string) => string;
  /** Two series for its trial: one of good events, and one of all, or of bad ones where those have a series of their own. */
  readonly series: { readonly all: string; readonly good: string };
}

/** Every window over which the share of bad events is recorded. */
export const WINDOWS = ['5m', '30m', '1h', '6h', '3d'] as const;
export type Window = (typeof WINDOWS)[number];

const PAYMENTS = 'service="ingest",method="POST",route="/v1/transactions"';
const SLOW_SECONDS = '0.1';
const STALE_SECONDS = '0.5';

const histogramBad = (name: string, matchers: string, le: string) => (window: string) => {
  const braces = (more: string) => `{${[matchers, more].filter(Boolean).join(',')}}`;
  const all = matchers === '' ? '' : braces('');
  return `(sum(rate(${name}_count${all}[${window}])) - sum(rate(${name}_bucket${braces(`le="${le}"`)}[${window}])))`;
};

export const objectives: readonly Objective[] = [
  {
    id: 'decision_availability',
    alert: 'DecisionAvailabilityBurn',
    title: 'Decision availability',
    promise: '99.95 % of payment requests are answered without a server error.',
    target: 0.9995,
    bad: (window) => `(sum(rate(trx_http_request_seconds_count{${PAYMENTS},status=~"5.."}[${window}])) or vector(0))`,
    all: (window) => `sum(rate(trx_http_request_seconds_count{${PAYMENTS}}[${window}]))`,
    series: {
      all: `trx_http_request_seconds_count{${PAYMENTS},status="503"}`,
      good: `trx_http_request_seconds_count{${PAYMENTS},status="200"}`,
    },
  },
  {
    id: 'decision_latency',
    alert: 'DecisionLatencyBurn',
    title: 'Decision latency',
    promise: '99 % of payment requests are answered within 100 ms.',
    target: 0.99,
    bad: histogramBad('trx_http_request_seconds', PAYMENTS, SLOW_SECONDS),
    all: (window) => `sum(rate(trx_http_request_seconds_count{${PAYMENTS}}[${window}]))`,
    series: {
      all: `trx_http_request_seconds_count{${PAYMENTS},status="200"}`,
      good: `trx_http_request_seconds_bucket{${PAYMENTS},status="200",le="${SLOW_SECONDS}"}`,
    },
  },
  {
    id: 'feed_freshness',
    alert: 'FeedFreshnessBurn',
    title: 'Feed freshness',
    promise: '99 % of outcomes are in a frame for the consoles within 500 ms of their commit.',
    target: 0.99,
    bad: histogramBad('trx_event_to_frame_seconds', '', STALE_SECONDS),
    all: (window) => `sum(rate(trx_event_to_frame_seconds_count[${window}]))`,
    series: {
      all: 'trx_event_to_frame_seconds_count{service="realtime"}',
      good: `trx_event_to_frame_seconds_bucket{service="realtime",le="${STALE_SECONDS}"}`,
    },
  },
];

/** Recorded share of bad events. */
export const errorRatio = (objective: Objective, window: Window): string => `trx:slo_errors:ratio_rate${window}{slo="${objective.id}"}`;

/** How many times faster than allowed the budget was spent over a window. */
export const burnRate = (objective: Objective, window: Window): string =>
  `${errorRatio(objective, window)} / ${Number((1 - objective.target).toPrecision(6))}`;
