import { panelOf, type DashboardSpec } from '../panel.ts';

/** Whether the money is right, and told. */
export const ledgerIntegrity: DashboardSpec = {
  uid: 'trx-ledger',
  title: 'Ledger integrity',
  description: 'What must always be 0, how fast money moves, what is held, and whether it is told.',
  rows: [
    {
      title: 'What must be 0',
      panels: [
        panelOf('LedgerImbalance', { title: 'Debits minus credits', unit: 'short', kind: 'stat', legend: '{{currency}}' }),
        panelOf('LedgerJournalBroken', { title: 'Breaks in journal and hash chain', unit: 'short', kind: 'stat', legend: 'breaks' }),
        panelOf('HoldsPastExpiry', { title: 'Holds past their expiry', unit: 'short', kind: 'stat', legend: 'holds' }),
        panelOf('OutboxStuck', { title: 'Age of the oldest untold outcome', unit: 's', kind: 'stat', legend: 'age' }),
      ],
    },
    {
      title: 'Writing',
      panels: [
        {
          title: 'Transfers a second',
          description: 'Transfers that were committed: posts, holds, captures, voids, expiries and refunds.',
          unit: 'ops',
          kind: 'timeseries',
          queries: [{ expr: 'sum(rate(trx_ledger_transfers_total[$__rate_interval]))', legend: 'transfers' }],
        },
        panelOf('LedgerCommitSlow', { title: 'Time of a commit, p99', unit: 's', legend: 'p99' }),
        {
          title: 'Entries in a commit',
          description: 'Decisions, commands and ticks of the clock for each call of the database. Grows with load, up to 2,000.',
          unit: 'short',
          kind: 'timeseries',
          queries: [
            {
              expr: 'sum(rate(trx_ledger_batch_size_sum[$__rate_interval])) / (sum(rate(trx_ledger_batch_size_count[$__rate_interval])) > 0)',
              legend: 'mean',
            },
          ],
        },
        {
          title: 'Commands a second',
          description: 'Captures, voids, refunds, expiries and others by what became of them.',
          unit: 'ops',
          kind: 'timeseries',
          queries: [
            {
              expr: 'sum by (kind, result) (rate(trx_ledger_commands_total[$__rate_interval])) or vector(0)',
              legend: '{{kind}} {{result}}',
            },
          ],
        },
      ],
    },
    {
      title: 'Holds and refusals',
      panels: [
        {
          title: 'Open holds',
          description: 'Payments whose money is held until an analyst or the expiry decides.',
          unit: 'short',
          kind: 'timeseries',
          queries: [{ expr: 'max by (currency) (trx_ledger_open_holds)', legend: '{{currency}}' }],
          feed: 'action:review',
        },
        {
          title: 'Money in holds',
          description: 'In minor units, by currency.',
          unit: 'short',
          kind: 'timeseries',
          queries: [{ expr: 'max by (currency) (trx_ledger_held_minor)', legend: '{{currency}}' }],
        },
        {
          title: 'Age of the oldest hold',
          description: 'It falls to its policy at its expiry, seven days after it was placed by default.',
          unit: 's',
          kind: 'timeseries',
          queries: [{ expr: 'max(trx_ledger_oldest_hold_seconds)', legend: 'age' }],
        },
        {
          title: 'Approvals that the ledger refused',
          description: 'Payments a second that risk approved and the accounts could not cover, by reason.',
          unit: 'reqps',
          kind: 'timeseries',
          queries: [
            {
              expr: 'sum by (reason) (rate(trx_ledger_outcomes_total{reason!="none"}[$__rate_interval])) or vector(0)',
              legend: '{{reason}}',
            },
          ],
          feed: 'action:decline',
        },
      ],
    },
    {
      title: 'Reading',
      panels: [
        {
          title: 'Balance cache',
          description: 'Share of the balances that were asked for and found in Redis. What is missed is read from PostgreSQL.',
          unit: 'percentunit',
          kind: 'timeseries',
          queries: [
            {
              expr: '(sum(rate(trx_balance_cache_total{result="hit"}[$__rate_interval])) / (sum(rate(trx_balance_cache_total[$__rate_interval])) > 0)) or vector(0)',
              legend: 'hits',
            },
          ],
        },
        {
          title: 'Position of the last entry',
          description: 'Grows with every entry and never falls.',
          unit: 'short',
          kind: 'timeseries',
          queries: [{ expr: 'max(trx_ledger_seq)', legend: 'position' }],
        },
      ],
    },
  ],
};
