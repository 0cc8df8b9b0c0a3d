import type { Alert } from '../alert.ts';
import { thresholds } from '../thresholds.ts';
import { counter, gauge } from '../trial-series.ts';

const common = { group: 'ledger', team: 'on-call', severity: 'page', comparison: '>', dashboard: 'trx-ledger' } as const;

/** What must never be with money, and what keeps it from being told. */
export const ledgerAlerts: readonly Alert[] = [
  {
    ...common,
    name: 'LedgerImbalance',
    measure: 'max by (currency) (trx_ledger_imbalance_minor)',
    threshold: thresholds.imbalanceMinor,
    summary: 'Debits and credits differ in {{ $labels.currency }}',
    description:
      'Over all accounts debits and credits differ by {{ $value | humanize }} minor units of {{ $labels.currency }}. They are equal by construction, so rows were changed or lost, or there is a fault in the ledger.',
    trial: {
      stepMinutes: 1,
      series: {
        'trx_ledger_imbalance_minor{service="ledger",currency="EUR"}': gauge(
          { steps: 5, value: 0 },
          { steps: 5, value: 12 },
          { steps: 5, value: 0 },
        ),
        'trx_ledger_imbalance_minor{service="ledger",currency="USD"}': gauge({ steps: 15, value: 0 }),
      },
      silentAtMinutes: 4,
      firesAtMinutes: 5,
      clearsAtMinutes: 10,
      firing: [{ labels: { currency: 'EUR' }, value: '12' }],
    },
  },
  {
    ...common,
    name: 'LedgerJournalBroken',
    measure: 'max(trx_ledger_sequence_gaps)',
    threshold: thresholds.sequenceGaps,
    summary: 'The journal of the ledger has gaps, or its hash chain is broken',
    description:
      'At the newest end of the journal {{ $value | humanize }} places do not follow from the ones before them. Somebody has changed committed rows, or a restore has lost some.',
    trial: {
      stepMinutes: 1,
      series: {
        'trx_ledger_sequence_gaps{service="ledger"}': gauge({ steps: 5, value: 0 }, { steps: 5, value: 2 }, { steps: 5, value: 0 }),
      },
      silentAtMinutes: 4,
      firesAtMinutes: 5,
      clearsAtMinutes: 10,
      firing: [{ labels: {}, value: '2' }],
    },
  },
  {
    ...common,
    name: 'HoldsPastExpiry',
    measure: 'max(trx_ledger_stale_holds)',
    threshold: thresholds.staleHolds,
    for: '2m',
    summary: 'Holds are open past their expiry',
    description:
      '{{ $value | humanize }} holds should have fallen to their policy more than a minute ago: money of payers is held longer than was promised.',
    trial: {
      stepMinutes: 1,
      series: { 'trx_ledger_stale_holds{service="ledger"}': gauge({ steps: 5, value: 0 }, { steps: 8, value: 3 }, { steps: 5, value: 0 }) },
      silentAtMinutes: 6,
      firesAtMinutes: 8,
      clearsAtMinutes: 14,
      firing: [{ labels: {}, value: '3' }],
    },
  },
  {
    ...common,
    name: 'OutboxStuck',
    measure: 'max(trx_outbox_oldest_seconds)',
    threshold: thresholds.outboxSeconds,
    for: '1m',
    summary: 'Committed outcomes are not published',
    description:
      'The oldest outcome that is committed and not published has waited for {{ $value | humanizeDuration }}. The money has moved, but merchants and consoles are not told.',
    trial: {
      stepMinutes: 1,
      series: {
        'trx_outbox_oldest_seconds{service="ledger"}': gauge({ steps: 5, value: 0.2 }, { steps: 6, value: 45 }, { steps: 5, value: 0 }),
      },
      silentAtMinutes: 5,
      firesAtMinutes: 7,
      clearsAtMinutes: 12,
      firing: [{ labels: {}, value: '45s' }],
    },
  },
  {
    ...common,
    name: 'LedgerCommitSlow',
    severity: 'ticket',
    measure: 'histogram_quantile(0.99, sum by (le) (rate(trx_ledger_commit_seconds_bucket[5m])))',
    threshold: thresholds.commitSecondsP99,
    for: '10m',
    summary: 'The commits of the ledger are slow',
    description:
      'One commit in a hundred takes longer than {{ $value | humanizeDuration }}. Every payment waits for its commit, so answers are late by as much.',
    trial: {
      stepMinutes: 1,
      series: {
        'trx_ledger_commit_seconds_bucket{service="ledger",le="0.25"}': counter(
          { steps: 20, perStep: 100 },
          { steps: 20, perStep: 50 },
          { steps: 20, perStep: 100 },
        ),
        'trx_ledger_commit_seconds_bucket{service="ledger",le="0.5"}': counter({ steps: 60, perStep: 100 }),
        'trx_ledger_commit_seconds_bucket{service="ledger",le="+Inf"}': counter({ steps: 60, perStep: 100 }),
      },
      silentAtMinutes: 19,
      firesAtMinutes: 39,
      clearsAtMinutes: 50,
      firing: [{ labels: {}, value: '495ms' }],
    },
  },
];
