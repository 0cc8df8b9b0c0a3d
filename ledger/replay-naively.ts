import type { Entry } from './entry.ts';
import type { LedgerPolicy } from './ledger-state.ts';
import { NaiveLedger } from './naive-ledger.ts';
import { paymentId } from './random-workload.ts';

/** What the naive ledger makes of one entry, in its words. */
export function tellNaive(naive: NaiveLedger, entry: Entry, atMs: number): string | string[] {
  switch (entry.kind) {
    case 'decision': {
      const { merchant_id: merchantId, transaction_id: transactionId } = entry.decision.transaction;
      return naive.decide(entry.decision, paymentId({ merchantId, transactionId }), atMs);
    }
    case 'command':
      return naive.command(entry.command, atMs);
    case 'expiry':
      return naive.tick(entry.holdIds, atMs);
  }
}

interface Committed {
  readonly entries: readonly Entry[];
  readonly effects: { readonly committedAtMs: number };
}

/** The naive ledger after everything that was committed, in the order and at the times at which it was. For tests. */
export function replayNaively(
  batches: readonly Committed[],
  policy: LedgerPolicy,
  onEntry?: (entry: Entry, word: string | string[]) => void,
): NaiveLedger {
  const naive = new NaiveLedger(policy);
  for (const { entries, effects } of batches) {
    for (const entry of entries) {
      const word = tellNaive(naive, entry, effects.committedAtMs);
      onEntry?.(entry, word);
    }
  }
  return naive;
}
