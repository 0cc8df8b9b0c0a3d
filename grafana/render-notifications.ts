import { alerts } from './list-alerts.ts';
import type { Alert } from './alert.ts';

export type Receiver = 'on-call-pages' | 'on-call-tickets' | 'risk-pages' | 'risk-tickets';

/** Where notifications go. */
export interface NotificationOptions {
  /** What each receiver is told by, as Alertmanager's own settings; without any it only shows up on its page. */
  readonly integrations: Readonly<Record<Receiver, object>>;
}

/** Alerts of which every second counts, and which nothing may silence. */
export const AT_ONCE = ['LedgerImbalance', 'LedgerJournalBroken'] as const;

const WORKING_HOURS_OVER = {
  name: 'outside-working-hours',
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
};

/** What follows from a service that is not there, and says nothing new. */
const SYMPTOMS = ['ConsumerLagHigh', 'ConsumerStuck', 'FallbackRateHigh', 'NoChampion', 'TrafficSilent', 'OutboxStuck', 'EventLoopStall'];

/** Who gets an alert: the receiver that the routes lead to. */
export const receiverOf = ({ team, severity }: Pick<Alert, 'team' | 'severity'>): Receiver =>
  `${team === 'risk' ? 'risk' : 'on-call'}-${severity === 'page' ? 'pages' : 'tickets'}`;

/** The configuration of Alertmanager: pages at once and again every hour, tickets grouped and in working hours only. */
export function renderNotifications({ integrations }: NotificationOptions): object {
  return {
    global: { resolve_timeout: '5m' },
    route: {
      receiver: 'on-call-tickets',
      group_by: ['alertname', 'service', 'slo'],
      group_wait: '30s',
      group_interval: '5m',
      repeat_interval: '24h',
      routes: [
        {
          receiver: 'on-call-pages',
          matchers: [`alertname=~"${AT_ONCE.join('|')}"`],
          group_wait: '0s',
          group_interval: '1m',
          repeat_interval: '15m',
        },
        { receiver: 'on-call-pages', matchers: ['team="on-call"', 'severity="page"'], group_wait: '10s', repeat_interval: '1h' },
        { receiver: 'risk-pages', matchers: ['team="risk"', 'severity="page"'], group_wait: '10s', repeat_interval: '4h' },
        { receiver: 'risk-tickets', matchers: ['team="risk"'], group_by: ['alertname'], mute_time_intervals: [WORKING_HOURS_OVER.name] },
        { receiver: 'on-call-tickets', matchers: ['team="on-call"'], mute_time_intervals: [WORKING_HOURS_OVER.name] },
      ],
    },
    inhibit_rules: [
      { source_matchers: ['alertname=~"ServiceDown|ServiceAbsent"'], target_matchers: [`alertname=~"${SYMPTOMS.join('|')}"`] },
      { source_matchers: ['severity="page"', 'slo!=""'], target_matchers: ['severity="ticket"', 'slo!=""'], equal: ['slo'] },
      { source_matchers: ['pace="fast"'], target_matchers: ['pace="slow"'], equal: ['slo'] },
    ],
    time_intervals: [WORKING_HOURS_OVER],
    receivers: [...new Set(alerts.map(receiverOf))].sort().map((name) => ({ name, ...integrations[name] })),
  };
}

const message = {
  send_resolved: true,
  title: '{{ template "slack.default.title" . }}',
  text: '{{ range .Alerts }}{{ .Annotations.description }}\n{{ .Annotations.runbook_url }}\n{{ end }}',
};
const pager = {
  pagerduty_configs: [{ routing_key_file: 'secrets/pagerduty-routing-key', description: '{{ .CommonAnnotations.summary }}' }],
};
const chat = (channel: string) => ({ slack_configs: [{ api_url_file: 'secrets/slack-webhook-url', channel, ...message }] });

/** For a cluster: a pager for what wakes people, a channel for the rest. Keys are files beside the configuration, never in it. */
export const clusterIntegrations: NotificationOptions['integrations'] = {
  'on-call-pages': pager,
  'on-call-tickets': chat('#payments-operations'),
  'risk-pages': chat('#payments-risk'),
  'risk-tickets': chat('#payments-risk'),
};

/** For one machine: addresses that get every notification as JSON, where some are given. */
export function webhookIntegrations(urls: {
  readonly onCall?: string | undefined;
  readonly risk?: string | undefined;
}): NotificationOptions['integrations'] {
  const hook = (url: string | undefined) => (url === undefined ? {} : { webhook_configs: [{ url, send_resolved: true }] });
  return {
    'on-call-pages': hook(urls.onCall),
    'on-call-tickets': hook(urls.onCall),
    'risk-pages': hook(urls.risk),
    'risk-tickets': hook(urls.risk),
  };
}
