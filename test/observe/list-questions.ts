import { conditionOf } from '@trancendos/grafana/alert';
import { alerts } from '@trancendos/grafana/list-alerts';
import { dashboards } from '@trancendos/grafana/render-dashboards';

/** One query that has to be answered. */
export interface Question {
  /** A dashboard, or `alert`. */
  readonly place: string;
  readonly name: string;
  readonly expr: string;
  /** Why nothing may come back; without it something has to. */
  readonly mayBeEmpty?: string;
}

/** Grafana chooses four scrapes at least; here a scrape is every five seconds. */
const RATE_INTERVAL = '1m';
const WEEK = 'compares with a week ago';
const QUIET = 'holds only while the alert fires';

/** Measures that need what a fresh platform cannot have. */
const MAY_BE_EMPTY: Readonly<Record<string, string>> = {
  DeclineRateJump: WEEK,
  ReviewRateJump: WEEK,
  FraudRateJump: WEEK,
  FeatureParityBroken: 'the first comparison with a replay takes minutes',
};

/** Every query of every panel, and of every alert its measure and its condition. */
export function listQuestions(): Question[] {
  const panels = dashboards.flatMap(({ uid, rows }) =>
    rows.flatMap((row) =>
      row.panels.flatMap(({ title, alert, queries }) =>
        queries.map(({ expr, legend }) => ({
          place: uid,
          name: queries.length > 1 ? `${row.title}: ${title} (${legend})` : `${row.title}: ${title}`,
          expr: expr.replaceAll('$__rate_interval', RATE_INTERVAL),
          ...excuse(alert),
        })),
      ),
    ),
  );
  const measures = alerts.map((alert) => ({
    place: 'alert',
    name: `${alert.name}, what it measures`,
    expr: alert.measure,
    ...excuse(alert.name),
  }));
  const conditions = alerts.map((alert) => ({
    place: 'alert',
    name: `${alert.name}, when it fires`,
    expr: conditionOf(alert),
    mayBeEmpty: QUIET,
  }));
  return [...panels, ...measures, ...conditions];
}

function excuse(alert: string | undefined): Pick<Question, 'mayBeEmpty'> {
  const reason = alert === undefined ? undefined : MAY_BE_EMPTY[alert];
  return reason === undefined ? {} : { mayBeEmpty: reason };
}
