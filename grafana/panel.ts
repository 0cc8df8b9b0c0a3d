import type { Alert } from './alert.ts';
import { alerts } from './list-alerts.ts';

/** Units as Grafana names them. */
export type Unit = 'short' | 'percentunit' | 's' | 'reqps' | 'cps' | 'bytes' | 'none' | 'bool_yes_no' | 'ops';

export interface Query {
  readonly expr: string;
  readonly legend: string;
}

/** One question and its answer. */
export interface PanelSpec {
  readonly title: string;
  /** What it shows, and what is bad about it. */
  readonly description: string;
  readonly unit: Unit;
  readonly kind: 'timeseries' | 'stat' | 'bargauge' | 'heatmap';
  readonly queries: readonly Query[];
  /** The alert whose threshold is drawn. */
  readonly alert?: Alert['name'];
  /** Of 24 columns. */
  readonly width?: number;
  /** The live feed of the console, filtered so. */
  readonly feed?: string;
}

/** A dashboard: rows of panels that belong together. */
export interface DashboardSpec {
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  readonly rows: readonly { readonly title: string; readonly panels: readonly PanelSpec[] }[];
}

/** A panel that draws what an alert compares, with the alert's own expression and threshold. */
export function panelOf(
  alertName: string,
  spec: Pick<PanelSpec, 'title' | 'unit'> & { readonly legend?: string } & Partial<PanelSpec>,
): PanelSpec {
  const alert = findAlert(alertName);
  const { legend = spec.title, ...rest } = spec;
  return { kind: 'timeseries', description: describe(alert), queries: [{ expr: alert.measure, legend }], alert: alertName, ...rest };
}

/** What the alert's own words say without a present value, and when it fires. */
function describe({ name, description, comparison, threshold, for: duration }: Alert): string {
  const standing = description.split(/(?<=\.) /).filter((sentence) => !sentence.includes('{{'));
  const when = `${name} fires ${comparison === '>' ? 'above' : 'below'} ${threshold}${duration === undefined ? '' : `, after ${duration}`}.`;
  return [...standing, when].join(' ');
}

/** Throws when there is none of that name: a fault of the dashboard. */
export function findAlert(name: string): Alert {
  const alert = alerts.find((each) => each.name === name);
  if (!alert) throw new Error(`there is no alert ${name}`);
  return alert;
}
