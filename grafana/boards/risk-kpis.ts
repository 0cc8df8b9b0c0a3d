import { panelOf, type DashboardSpec } from '../panel.ts';

const share = (action: string) => `sum(trx:outcomes:ratio_rate1h{action="${action}"}) or vector(0)`;
const stopped = 'action=~"decline|review"';

/** What a manager of risk asks in the morning. */
export const riskKpis: DashboardSpec = {
  uid: 'trx-exec',
  title: 'Risk KPIs',
  description: 'Who is let through, who is held, who is turned away, what it costs, and whether that differs from last week.',
  rows: [
    {
      title: 'Now',
      panels: [
        {
          title: 'Payments a second',
          description: 'Payments whose outcome the ledger has committed.',
          unit: 'reqps',
          kind: 'stat',
          queries: [{ expr: 'sum(rate(trx_ledger_outcomes_total[$__rate_interval]))', legend: 'payments' }],
          feed: '',
        },
        {
          title: 'Approved in the last hour',
          description: 'Share of payments that went through. Falls with attacks, and with rules that catch too much.',
          unit: 'percentunit',
          kind: 'stat',
          queries: [{ expr: share('approve'), legend: 'approved' }],
          feed: 'action:approve',
        },
        {
          title: 'Held in the last hour',
          description: 'Share of payments that wait for an analyst, their money held.',
          unit: 'percentunit',
          kind: 'stat',
          queries: [{ expr: share('review'), legend: 'held' }],
          feed: 'action:review',
        },
        {
          title: 'Declined in the last hour',
          description: 'Share of payments that were turned away, by risk or because the payer could not cover them.',
          unit: 'percentunit',
          kind: 'stat',
          queries: [{ expr: share('decline'), legend: 'declined' }],
          feed: 'action:decline',
        },
      ],
    },
    {
      title: 'Decisions',
      panels: [
        {
          title: 'Outcomes a second',
          description: 'By final action: where the ledger could not cover an approval it counts as a decline.',
          unit: 'reqps',
          kind: 'timeseries',
          queries: [{ expr: 'sum by (action) (rate(trx_ledger_outcomes_total[$__rate_interval]))', legend: '{{action}}' }],
        },
        {
          title: 'Share of actions, by the hour',
          description: 'Each action as a share of all payments of the last hour.',
          unit: 'percentunit',
          kind: 'timeseries',
          queries: [{ expr: 'trx:outcomes:ratio_rate1h', legend: '{{action}}' }],
        },
        panelOf('DeclineRateJump', {
          title: 'Declines against the same hour last week',
          unit: 'none',
          legend: 'times as many',
          feed: 'action:decline',
        }),
        panelOf('ReviewRateJump', {
          title: 'Held payments against the same hour last week',
          unit: 'none',
          legend: 'times as many',
          feed: 'action:review',
        }),
      ],
    },
    {
      title: 'Money',
      panels: [
        {
          title: 'Amounts by action',
          description: 'Minor units a second, by currency: an amount of 12.49 EUR is 1,249.',
          unit: 'short',
          kind: 'timeseries',
          queries: [
            {
              expr: 'sum by (action, currency) (rate(trx_ledger_outcome_amount_minor_total[$__rate_interval]))',
              legend: '{{action}} {{currency}}',
            },
          ],
        },
        {
          title: 'Share of the amount that was stopped',
          description: 'Held or declined, over the last hour, by value and not by count.',
          unit: 'percentunit',
          kind: 'timeseries',
          queries: [
            {
              expr: `sum by (currency) (rate(trx_ledger_outcome_amount_minor_total{${stopped}}[1h])) / sum by (currency) (rate(trx_ledger_outcome_amount_minor_total[1h]))`,
              legend: '{{currency}}',
            },
          ],
        },
      ],
    },
    {
      title: 'Fraud',
      panels: [
        {
          title: 'Labels a second',
          description: 'Chargebacks, verdicts and other labels that were folded into the features, by what they say and who says it.',
          unit: 'cps',
          kind: 'timeseries',
          queries: [
            { expr: 'sum by (label, source) (rate(trx_label_total[$__rate_interval])) or vector(0)', legend: '{{label}} {{source}}' },
          ],
        },
        panelOf('LabelsSilent', { title: 'Labels in a day', unit: 'short', legend: 'labels' }),
        {
          title: 'Reported frauds for every payment',
          description: 'Frauds reported in an hour over payments of that hour. Labels come days late, so this is a rate of reports.',
          unit: 'percentunit',
          kind: 'timeseries',
          queries: [{ expr: 'trx:fraud_labels:ratio_rate1h or vector(0)', legend: 'reported' }],
        },
        panelOf('FraudRateJump', { title: 'Reported frauds against the same hour last week', unit: 'none', legend: 'times as many' }),
        {
          title: 'How well payments were decided',
          description: 'Of payments whose labels have matured: frauds among what was stopped, frauds that were stopped, and their money.',
          unit: 'percentunit',
          kind: 'timeseries',
          queries: [{ expr: 'max by (metric) (trx_mature_metric) or vector(0)', legend: '{{metric}}' }],
        },
        {
          title: 'Payments with mature labels',
          description: 'How many payments the figures beside this are about. With few of them they mean little.',
          unit: 'short',
          kind: 'timeseries',
          queries: [{ expr: 'max(trx_mature_payments)', legend: 'payments' }],
        },
      ],
    },
  ],
};
