import { decisioning } from './boards/decisioning.ts';
import { ledgerIntegrity } from './boards/ledger-integrity.ts';
import { pipeline } from './boards/pipeline.ts';
import { reviewOperations } from './boards/review-operations.ts';
import { riskKpis } from './boards/risk-kpis.ts';
import { slo } from './boards/slo.ts';
import type { Alert } from './alert.ts';
import type { DashboardSpec } from './panel.ts';
import { renderDashboard } from './render-dashboard.ts';

/** Every dashboard. */
export const dashboards: readonly DashboardSpec[] = [riskKpis, decisioning, ledgerIntegrity, reviewOperations, pipeline, slo];

/** Their files, by path in `grafana/`. */
export function renderDashboards(): Record<string, object> {
  return Object.fromEntries(dashboards.map((spec) => [`dashboards/${spec.uid}.json`, renderDashboard(spec)]));
}

/** The id of the panel that draws an alert, on the alert's dashboard; undefined where none does. */
export function panelIdOf({ name, dashboard }: Pick<Alert, 'name' | 'dashboard'>): number | undefined {
  const rows = dashboards.find(({ uid }) => uid === dashboard)?.rows ?? [];
  const names = rows.flatMap(({ panels }) => [undefined, ...panels.map(({ alert }) => alert)]);
  const index = names.indexOf(name);
  return index === -1 ? undefined : index + 1;
}
