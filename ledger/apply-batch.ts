import { toInstant } from '@trancendos/platform/clock';
import { assertBalanced } from './assert-balanced.ts';
import type { Batch, BatchEffects } from './batch.ts';
import { transactionKey, type LedgerPolicy, type LedgerState } from './ledger-state.ts';
import { moveMoney, type Movement } from './move-money.ts';
import { renderOutcome } from './render-outcome.ts';

/**
 * Decides what becomes of the money of each of a batch's decisions, in order, and returns what has to be written.
 *
 * Advances `state`; no other effect, no clock, no I/O, so the same batch on the same state gives the same bytes, and a batch split anywhere
 * gives what the whole gives. The first decision of a transaction counts. What cannot be covered never throws: it ends as a decline with
 * the ledger's reason. A broken invariant throws, and whoever holds `state` must discard it.
 */
export function applyBatch(state: LedgerState, batch: Batch, policy: LedgerPolicy): BatchEffects {
  const committedAt = toInstant(batch.committedAtMs);
  const effects: BatchEffects = { results: [], outcomes: [], transfers: [], accounts: new Map(), committedAt };
  const expiresAt = toInstant(batch.committedAtMs + policy.holdTtlMs);
  for (const received of batch.decisions) {
    const { merchant_id, transaction_id } = received.decision.transaction;
    const key = transactionKey(merchant_id, transaction_id);
    if (state.decided.has(key)) {
      effects.results.push('duplicate');
      continue;
    }
    state.decided.add(key);
    state.lastSeq += 1;
    const movement = moveMoney(state, received.decision, { policy, expiresAt });
    record(state, effects, movement);
    effects.outcomes.push(renderOutcome(received, movement, { ledgerSeq: state.lastSeq, committedAt, committedAtMs: batch.committedAtMs }));
    effects.results.push('decided');
  }
  assertBalanced(effects.accounts.values());
  return effects;
}

/** Takes what one decision changed over into the state and the effects. */
function record(state: LedgerState, effects: BatchEffects, movement: Movement): void {
  effects.transfers.push(...movement.transfers);
  for (const account of movement.accounts) {
    const earlier = effects.accounts.get(account.id);
    effects.accounts.set(account.id, { before: earlier ? earlier.before : state.accounts.get(account.id), after: account });
    state.accounts.set(account.id, account);
  }
}
