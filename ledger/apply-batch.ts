import { toInstant } from '@trancendos/platform/clock';
import { applyCommand } from './apply-command.ts';
import { applyDecision } from './apply-decision.ts';
import { assertBalanced } from './assert-balanced.ts';
import type { Batch, BatchEffects, Entry, EntryResult } from './entry.ts';
import { expireHolds } from './expire-holds.ts';
import type { LedgerPolicy, LedgerState } from './ledger-state.ts';

/**
 * Decides what becomes of the money for each of a batch's entries, in order, and returns what has to be written.
 *
 * Advances `state`; no other effect, no clock, no I/O, so the same batch on the same state gives the same bytes, and a batch split anywhere
 * gives what the whole gives. What cannot be done never throws: its outcome carries the reason, nothing of it is posted, and the batch goes
 * on. A broken invariant throws, and whoever holds `state` must discard it.
 */
export function applyBatch(state: LedgerState, batch: Batch, policy: LedgerPolicy): BatchEffects {
  const effects = openEffects(state, batch);
  for (const entry of batch.entries) effects.results.push(applyEntry(state, effects, entry, policy));
  assertBalanced(effects);
  return effects;
}

function applyEntry(state: LedgerState, effects: BatchEffects, entry: Entry, policy: LedgerPolicy): EntryResult {
  switch (entry.kind) {
    case 'decision':
      return applyDecision(state, effects, entry, policy);
    case 'command':
      return applyCommand(state, effects, entry, policy);
    case 'expiry':
      return expireHolds(state, effects, entry, policy);
  }
}

function openEffects(state: LedgerState, { committedAtMs, takenAtMs }: Batch): BatchEffects {
  return {
    results: [],
    messages: [],
    transfers: [],
    accounts: new Map(),
    termsChanged: new Set(),
    holds: new Map(),
    reversals: new Map(),
    transactions: [],
    commands: [],
    causes: [],
    firstSeq: state.lastSeq + 1,
    firstTransferSeq: state.lastTransferSeq + 1,
    entries: 0,
    committedAtMs,
    committedAt: toInstant(committedAtMs),
    takenAtMs,
  };
}
