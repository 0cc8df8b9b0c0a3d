import type { TrialSeries } from './trial-series.ts';

export type Team = 'on-call' | 'risk';
/** `page` wakes somebody; `ticket` waits for the working day. */
export type Severity = 'page' | 'ticket';
export type AlertGroup = 'slo' | 'risk' | 'pipeline' | 'ledger' | 'services';
export type DashboardUid = 'trx-exec' | 'trx-decisioning' | 'trx-ledger' | 'trx-pipeline' | 'trx-review' | 'trx-slo';

/** One rule that may tell somebody. */
export interface Alert {
  /** In PascalCase. */
  readonly name: string;
  /** The name that alerts with one runbook share; without it they have a runbook each. */
  readonly family?: string;
  readonly group: AlertGroup;
  readonly team: Team;
  readonly severity: Severity;
  /** What is compared: PromQL that gives a value while all is well, too, so that it can be drawn and checked. */
  readonly measure: string;
  readonly comparison: '>' | '<';
  readonly threshold: number;
  /** What follows the comparison: `and on () (...)`, for conditions without which it means nothing. */
  readonly provided?: string;
  /** How long it has to hold, as Prometheus writes it; without it at once. */
  readonly for?: string;
  /** One line. May use `{{ $labels.x }}`. */
  readonly summary: string;
  /** What it means for whom. May use `{{ $labels.x }}` and `{{ $value | humanize }}`. */
  readonly description: string;
  readonly dashboard: DashboardUid;
  /** Labels besides severity and team. */
  readonly labels?: Readonly<Record<string, string>>;
  readonly trial: Trial;
}

/**
 * What Prometheus is made to believe in the alert's test: a time when all is well, a time when the alert has to fire, and one when it has to
 * be over.
 */
export interface Trial {
  /** Minutes between two samples. */
  readonly stepMinutes: number;
  readonly series: Readonly<Record<string, TrialSeries>>;
  readonly silentAtMinutes: number;
  readonly firesAtMinutes: number;
  readonly clearsAtMinutes: number;
  /** One for each instance that fires: its labels besides those of the rule, and the value as the description shows it. */
  readonly firing: readonly { readonly labels: Readonly<Record<string, string>>; readonly value?: string }[];
}

/** The whole condition. */
export function conditionOf({ measure, comparison, threshold, provided }: Alert): string {
  const compared = `${/[\s]/.test(measure) ? `(${measure})` : measure} ${comparison} ${threshold}`;
  return provided === undefined ? compared : `${compared} ${provided}`;
}

const kebabCase = (name: string): string => name.replaceAll(/(?<!^)([A-Z])/g, '-$1').toLowerCase();

/** The name of an alert as identifiers of Grafana and files have it: `ledger-imbalance`. */
export const idOf = ({ name }: Pick<Alert, 'name'>): string => kebabCase(name);

/** The file of its runbook in `docs/runbooks/`. */
export const runbookOf = ({ name, family }: Pick<Alert, 'name' | 'family'>): string => `${kebabCase(family ?? name)}.md`;
