import { nowMs } from '@trancendos/platform/clock';
import { metrics } from '@trancendos/platform/metrics';
import { recordSpan } from '@trancendos/platform/trace';
import type { Message } from './entry.ts';
import type { SealedBatch } from './seal-batch.ts';

/** The part of a payment's trace that is PostgreSQL's. */
const COMMIT = { name: 'ledger commit', kind: 'client', attributes: { 'db.system.name': 'postgresql' } } as const;

/** Counts what a commit did. `calledMs`: when the database was asked. */
export function observeCommit({ entries, effects, after }: SealedBatch, calledMs: number): void {
  const committedMs = nowMs();
  metrics.ledgerBatchSize.observe({}, entries.length);
  metrics.ledgerCommitSeconds.observe({}, (committedMs - calledMs) / 1000);
  metrics.ledgerTransfers.inc(effects.transfers.length);
  metrics.ledgerSeq.set(after.lastSeq);
  for (const entry of entries) {
    if (entry.kind !== 'decision') continue;
    recordSpan(entry.decision.transaction.request_id, { ...COMMIT, startMs: calledMs });
    metrics.hopSeconds.observe({ hop: 'to_ledger' }, Math.max(0, entry.receivedAtMs - entry.sentAtMs) / 1000);
    metrics.hopSeconds.observe({ hop: 'ledger' }, Math.max(0, committedMs - entry.receivedAtMs) / 1000);
  }
  countMessages(effects.messages);
}

function countMessages(messages: readonly Message[]): void {
  const commands = new Map<string, number>();
  let posts = 0;
  for (const message of messages) {
    if (message.topic === 'outcomes') {
      const { action, money, reasons, transaction } = message.value;
      metrics.ledgerOutcomeAmount.inc({ action, currency: transaction.currency }, transaction.amount_minor);
      metrics.ledgerOutcomes.inc({ action, money: money.state, reason: reasons[0]?.category === 'ledger' ? reasons[0].code : 'none' });
    } else if (message.toldBy !== null) posts++;
    else {
      const { kind, code } = message.decided.outcome;
      const key = `${kind}/${code ?? 'applied'}`;
      commands.set(key, (commands.get(key) ?? 0) + 1);
    }
  }
  if (posts > 0) metrics.ledgerCommands.inc({ kind: 'post', result: 'applied' }, posts);
  for (const [key, count] of commands) {
    const [kind = '', result = ''] = key.split('/');
    metrics.ledgerCommands.inc({ kind, result }, count);
  }
}
