import { idOf, type Alert } from './alert.ts';
import { alerts } from './list-alerts.ts';
import { panelIdOf } from './render-dashboards.ts';
import { AT_ONCE } from './render-notifications.ts';
import { annotationsOf, labelsOf } from './render-rules.ts';

const PROMETHEUS = 'trx-prometheus';
const FOLDER = 'Trancendos';
const MUTED = 'outside-working-hours';

/** What Grafana reads from `provisioning/` at its start, by path in `grafana/`. */
export function renderProvisioning(): Record<string, object> {
  return {
    'provisioning/datasources/trancendos.yml': datasources(),
    'provisioning/dashboards/trancendos.yml': dashboardProvider(),
    'provisioning/alerting/rules.yml': alertRules(),
    'provisioning/alerting/contact-points.yml': contactPoints(),
    'provisioning/alerting/policies.yml': policies(),
    'provisioning/alerting/mute-timings.yml': muteTimings(),
  };
}

/** Addresses come from Grafana's environment, because they differ from one installation to the next. */
function datasources(): object {
  return {
    apiVersion: 1,
    datasources: [
      {
        name: 'Prometheus',
        uid: PROMETHEUS,
        type: 'prometheus',
        access: 'proxy',
        url: '$PROMETHEUS_URL',
        isDefault: true,
        editable: false,
        jsonData: { httpMethod: 'POST', timeInterval: '15s', manageAlerts: true, prometheusType: 'Prometheus' },
      },
      {
        name: 'Alertmanager',
        uid: 'trx-alertmanager',
        type: 'alertmanager',
        access: 'proxy',
        url: '$ALERTMANAGER_URL',
        editable: false,
        jsonData: { implementation: 'prometheus', handleGrafanaManagedAlerts: false },
      },
      {
        name: 'Logs',
        uid: 'trx-logs',
        type: 'elasticsearch',
        access: 'proxy',
        url: '$ELASTICSEARCH_URL',
        editable: false,
        jsonData: { index: 'logs-trancendos.*', timeField: '@timestamp', logMessageField: 'message', logLevelField: 'log.level' },
      },
    ],
  };
}

function dashboardProvider(): object {
  const options = { path: '/var/lib/grafana/dashboards', foldersFromFilesStructure: false };
  return {
    apiVersion: 1,
    providers: [{ name: FOLDER, folder: FOLDER, type: 'file', disableDeletion: true, allowUiUpdates: false, options }],
  };
}

/** The same rules as in Prometheus, for installations where Grafana tells people and not Alertmanager. */
function alertRules(): object {
  const groups = [...new Set(alerts.map(({ group }) => group))].map((group) => ({
    orgId: 1,
    name: `trancendos-${group}`,
    folder: FOLDER,
    interval: '1m',
    rules: alerts.filter((alert) => alert.group === group).map(renderRule),
  }));
  return { apiVersion: 1, groups };
}

function renderRule(alert: Alert): object {
  const panelId = panelIdOf(alert);
  return {
    uid: idOf(alert),
    title: alert.name,
    condition: 'exceeded',
    data: [queryOf(alert), thresholdOf(alert)],
    noDataState: 'OK',
    execErrState: 'Error',
    for: alert.for ?? '0s',
    labels: labelsOf(alert),
    annotations: {
      ...Object.fromEntries(
        Object.entries(annotationsOf(alert)).map(([key, text]) => [key, text.replaceAll('$value', '$values.measured.Value')]),
      ),
      ...(panelId !== undefined && { __dashboardUid__: alert.dashboard, __panelId__: String(panelId) }),
    },
    isPaused: false,
  };
}

/** The measure, and nothing where the alert's conditions do not hold. */
function queryOf({ measure, provided }: Alert): object {
  const expr = provided === undefined ? measure : `(${measure}) ${provided}`;
  return {
    refId: 'measured',
    relativeTimeRange: { from: 600, to: 0 },
    datasourceUid: PROMETHEUS,
    model: { refId: 'measured', expr, instant: true, range: false, intervalMs: 15_000, maxDataPoints: 100 },
  };
}

function thresholdOf({ comparison, threshold }: Alert): object {
  const evaluator = { type: comparison === '>' ? 'gt' : 'lt', params: [threshold] };
  return {
    refId: 'exceeded',
    relativeTimeRange: { from: 600, to: 0 },
    datasourceUid: '__expr__',
    model: { refId: 'exceeded', type: 'threshold', expression: 'measured', conditions: [{ evaluator }] },
  };
}

/** Each is told by a webhook whose address Grafana's environment holds. */
function contactPoints(): object {
  const point = (name: string, uid: string, url: string) => ({
    orgId: 1,
    name,
    receivers: [{ uid, type: 'webhook', settings: { url, httpMethod: 'POST' }, disableResolveMessage: false }],
  });
  return {
    apiVersion: 1,
    contactPoints: [
      point('on-call', 'trx-on-call', '$ALERT_ON_CALL_URL'),
      point('risk-managers', 'trx-risk-managers', '$ALERT_RISK_MANAGERS_URL'),
    ],
  };
}

/** The same ways as in Alertmanager. */
function policies(): object {
  const route = (receiver: string, matchers: [string, string, string][], more: object) => ({
    receiver,
    object_matchers: matchers,
    ...more,
  });
  return {
    apiVersion: 1,
    policies: [
      {
        orgId: 1,
        receiver: 'on-call',
        group_by: ['grafana_folder', 'alertname', 'slo'],
        group_wait: '30s',
        group_interval: '5m',
        repeat_interval: '24h',
        routes: [
          route('on-call', [['alertname', '=~', AT_ONCE.join('|')]], { group_wait: '0s', repeat_interval: '15m' }),
          route(
            'on-call',
            [
              ['team', '=', 'on-call'],
              ['severity', '=', 'page'],
            ],
            { group_wait: '10s', repeat_interval: '1h' },
          ),
          route(
            'risk-managers',
            [
              ['team', '=', 'risk'],
              ['severity', '=', 'page'],
            ],
            { group_wait: '10s', repeat_interval: '4h' },
          ),
          route('risk-managers', [['team', '=', 'risk']], { mute_time_intervals: [MUTED] }),
          route('on-call', [['team', '=', 'on-call']], { mute_time_intervals: [MUTED] }),
        ],
      },
    ],
  };
}

function muteTimings(): object {
  return {
    apiVersion: 1,
    muteTimes: [
      {
        orgId: 1,
        name: MUTED,
        time_intervals: [
          {
            weekdays: ['monday:friday'],
            times: [
              { start_time: '00:00', end_time: '07:00' },
              { start_time: '18:00', end_time: '24:00' },
            ],
          },
          { weekdays: ['saturday', 'sunday'] },
        ],
      },
    ],
  };
}
