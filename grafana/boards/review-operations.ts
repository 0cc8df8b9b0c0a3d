import { panelOf, type DashboardSpec } from '../panel.ts';

/** Whether held payments are judged in time, and whether their history can be looked up. */
export const reviewOperations: DashboardSpec = {
  uid: 'trx-review',
  title: 'Review operations',
  description: 'What is held for an analyst and for how long, what became of it, and the archive in which it is looked up.',
  rows: [
    {
      title: 'What waits',
      panels: [
        panelOf('ReviewOverdue', { title: 'Oldest held payment', unit: 's', kind: 'stat', legend: 'age', feed: 'action:review' }),
        {
          title: 'Held payments',
          description: 'Payments whose money is held until somebody decides or the hold expires, by currency.',
          unit: 'short',
          kind: 'timeseries',
          queries: [{ expr: 'max by (currency) (trx_ledger_open_holds)', legend: '{{currency}}' }],
          feed: 'action:review',
        },
        {
          title: 'New holds a minute',
          description: 'Payments that were sent to review. Above what leaves, the pile grows.',
          unit: 'cps',
          kind: 'timeseries',
          queries: [{ expr: 'sum(rate(trx_ledger_outcomes_total{action="review"}[$__rate_interval])) * 60 or vector(0)', legend: 'held' }],
          feed: 'action:review',
        },
      ],
    },
    {
      title: 'What became of it',
      panels: [
        {
          title: 'Holds that ended, in an hour',
          description: 'Captured or voided by somebody, or fallen to their policy because nobody came in time.',
          unit: 'short',
          kind: 'timeseries',
          queries: [
            {
              expr: 'sum by (kind) (increase(trx_ledger_commands_total{kind=~"capture|void|expire"}[1h])) or vector(0)',
              legend: '{{kind}}',
            },
          ],
        },
        {
          title: 'Labels in an hour, by source',
          description: 'Verdicts of analysts, chargebacks of banks and reports of merchants that the model has learnt.',
          unit: 'short',
          kind: 'timeseries',
          queries: [{ expr: 'sum by (source) (increase(trx_label_total[1h])) or vector(0)', legend: '{{source}}' }],
        },
      ],
    },
    {
      title: 'The archive',
      panels: [
        {
          title: 'Archived a second',
          description: 'Decisions, late decisions and labels that can be looked up from now on.',
          unit: 'ops',
          kind: 'timeseries',
          queries: [{ expr: 'sum by (kind) (rate(trx_review_archived_total[$__rate_interval])) or vector(0)', legend: '{{kind}}' }],
        },
        {
          title: 'Time of a batch, p99',
          description: 'How long the archive takes for a batch. Grows with load and with the days that are kept.',
          unit: 's',
          kind: 'timeseries',
          queries: [
            { expr: 'histogram_quantile(0.99, sum by (le) (rate(trx_review_batch_seconds_bucket[$__rate_interval])))', legend: 'p99' },
          ],
        },
        {
          title: 'Labels that wait for their decision',
          description: 'Labels of payments that the archive does not know. A few after an import of history, none in the long run.',
          unit: 'short',
          kind: 'timeseries',
          queries: [{ expr: 'max(trx_review_parked_labels)', legend: 'labels' }],
        },
      ],
    },
  ],
};
