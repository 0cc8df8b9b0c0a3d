import { stringify } from 'yaml';
import type { AlertGroup } from './alert.ts';
import type { RecordingPurpose } from './recording-rules.ts';
import { clusterIntegrations, renderNotifications } from './render-notifications.ts';
import { renderDashboards } from './render-dashboards.ts';
import { renderProvisioning } from './render-provisioning.ts';
import { renderPrometheus } from './render-prometheus.ts';
import { renderRuleTests, stepsOf } from './render-rule-tests.ts';
import { renderAlertRules, renderRecordingRules } from './render-rules.ts';

/** The groups of alerts, with what has to be recorded for them. */
const ALERT_GROUPS: Readonly<Record<AlertGroup, readonly RecordingPurpose[]>> = {
  slo: ['slo'],
  risk: ['risk'],
  pipeline: ['risk'],
  ledger: [],
  services: [],
};
const HEADER = '# Written by `npm run grafana:generate`. It is not edited by hand.\n';

/** The rules as the Prometheus operator takes them. */
const OPERATOR_RULES = '../k8s/components/monitoring/rules.yaml';

/** Every file that is generated: its path in `grafana/`, and its text. */
export function renderFiles(): ReadonlyMap<string, string> {
  const yaml: Record<string, object> = {
    'prometheus/prometheus.yml': renderPrometheus({
      scrapeIntervalSeconds: 15,
      ruleFiles: ['rules/*.yml'],
      services: { file_sd_configs: [{ files: ['targets/services.yml'] }] },
      alertmanagers: { file_sd_configs: [{ files: ['targets/alertmanagers.yml'] }] },
      self: 'localhost:9090',
    }),
    ...renderRuleFiles(),
    'alertmanager/alertmanager.yml': renderNotifications({ integrations: clusterIntegrations }),
    ...renderProvisioning(),
    [OPERATOR_RULES]: renderOperatorRules(),
  };
  return new Map([
    ...Object.entries(yaml).map(([path, content]) => [path, HEADER + toYaml(content)] as const),
    ...Object.entries(renderDashboards()).map(([path, content]) => [path, `${JSON.stringify(content, undefined, 2)}\n`] as const),
  ]);
}

function renderOperatorRules(): object {
  const ruleFiles = Object.entries(renderRuleFiles()).filter(([path]) => path.startsWith('prometheus/rules/'));
  return {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'PrometheusRule',
    metadata: { name: 'trancendos' },
    spec: { groups: ruleFiles.flatMap(([, file]) => (file as { readonly groups: readonly object[] }).groups) },
  };
}

function renderRuleFiles(): Record<string, object> {
  const files: Record<string, object> = {
    'prometheus/rules/slo-recording.yml': renderRecordingRules('slo'),
    'prometheus/rules/risk-recording.yml': renderRecordingRules('risk'),
  };
  for (const [group, recorded] of Object.entries(ALERT_GROUPS) as [AlertGroup, readonly RecordingPurpose[]][]) {
    files[`prometheus/rules/${group}-alerts.yml`] = renderAlertRules(group);
    for (const stepMinutes of stepsOf(group))
      files[`prometheus/tests/${group}-${stepMinutes}m.yml`] = renderRuleTests({ group, stepMinutes, recorded });
  }
  return files;
}

/** As Prometheus and Grafana read it; long expressions stay on one line, so that they can be found. */
export const toYaml = (content: object): string => stringify(content, { lineWidth: 0, aliasDuplicateObjects: false, singleQuote: true });
