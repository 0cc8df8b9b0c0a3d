import { conditionOf, runbookOf, type Alert, type AlertGroup } from './alert.ts';
import { links } from './links.ts';
import { alerts } from './list-alerts.ts';
import { recordingRules, type RecordingPurpose } from './recording-rules.ts';

/** What every notification carries. */
export function annotationsOf(alert: Alert): Record<string, string> {
  const { summary, description, dashboard } = alert;
  return {
    summary,
    description,
    runbook_url: `${links.runbooks}/${runbookOf(alert)}`,
    dashboard_url: `${links.grafana}/d/${dashboard}`,
  };
}

/** Labels by which Alertmanager routes. */
export const labelsOf = ({ severity, team, labels }: Alert): Record<string, string> => ({ severity, team, ...labels });

/** A rule file of Prometheus with what is recorded for a purpose. */
export function renderRecordingRules(purpose: RecordingPurpose): object {
  return { groups: [{ name: `trancendos-${purpose}-recording`, rules: recordingRules[purpose] }] };
}

/** A rule file of Prometheus with the alerts of a group. */
export function renderAlertRules(group: AlertGroup): object {
  const rules = alerts
    .filter((alert) => alert.group === group)
    .map((alert) => ({
      alert: alert.name,
      expr: conditionOf(alert),
      ...(alert.for !== undefined && { for: alert.for }),
      labels: labelsOf(alert),
      annotations: annotationsOf(alert),
    }));
  return { groups: [{ name: `trancendos-${group}-alerts`, rules }] };
}
