import type { CommandOutcome } from '@trancendos/contracts/ledger-command';
import { toInstant } from '@trancendos/platform/clock';
import { deriveTransferId } from './derive-transfer-id.ts';
import { Draft, type EntryFacts } from './draft.ts';
import type { BatchEffects, EntryResult, ExpiryEntry } from './entry.ts';
import { renderHold, type Hold } from './hold.ts';
import type { LedgerPolicy, LedgerState } from './ledger-state.ts';
import { refuseStatus, settleHold } from './move-money.ts';
import { renderTransfer } from './render-transfer.ts';

/** Why the ledger acts by itself. */
const CAUSE = { actor: 'ledger', model: null, ruleset: null, requestedBy: null, approvedBy: null, reason: 'hold expired' };

/**
 * Lets every named hold that is open and due fall to its policy, each as an entry of its own. Due is what expires at the batch's time or
 * before, so a tick that is delivered again, or too early, changes nothing.
 */
export function expireHolds(state: LedgerState, effects: BatchEffects, entry: ExpiryEntry, policy: LedgerPolicy): EntryResult {
  let expired = 0;
  for (const id of entry.holdIds) {
    const hold = state.holds.get(id);
    if (hold?.status !== 'open' || hold.expiresAtMs > effects.committedAtMs) continue;
    expireHold(state, effects, { hold, entry, policy });
    expired++;
  }
  return expired > 0 ? 'decided' : 'duplicate';
}

function expireHold(
  state: LedgerState,
  effects: BatchEffects,
  { hold, entry, policy }: { hold: Hold; entry: ExpiryEntry; policy: LedgerPolicy },
): void {
  const facts: EntryFacts = { origin: entry.origin, cause: CAUSE, decisionId: null, score: null, effectiveAtMs: hold.expiresAtMs };
  const draft = new Draft(state, { policy, committedAtMs: effects.committedAtMs, facts });
  const kind = hold.onExpiry === 'post' && canPost(draft, hold) ? 'capture' : 'expire';
  settleHold(draft, { id: deriveTransferId(hold.expiresAtMs, 'expiry', hold.id), kind, hold, amountMinor: hold.remainingMinor });
  const after: Hold = {
    ...hold,
    status: kind === 'capture' || hold.capturedMinor > 0n ? 'captured' : 'expired',
    capturedMinor: hold.capturedMinor + (kind === 'capture' ? hold.remainingMinor : 0n),
    remainingMinor: 0n,
    ledgerSeq: draft.ledgerSeq,
  };
  draft.putHold(after);
  const { ledgerSeq } = draft;
  const outcome: CommandOutcome = {
    event_id: `expiry/${hold.id}`,
    command_id: null,
    kind: 'expire',
    status: 'applied',
    code: null,
    detail: null,
    field: null,
    repeated: false,
    requested_by: null,
    approved_by: null,
    reason: CAUSE.reason,
    transfers: draft.transfers.map(renderTransfer),
    hold: renderHold(after),
    ledger_seq: ledgerSeq,
    committed_at: toInstant(effects.committedAtMs),
  };
  draft.accept(effects, {
    topic: 'commandOutcomes',
    ledgerSeq,
    key: hold.debitId,
    correlationId: hold.id,
    decided: { outcome },
    toldBy: null,
  });
}

/** Money cannot arrive at, or leave, an account that is frozen: its holds are released instead. */
function canPost(draft: Draft, hold: Hold): boolean {
  return [hold.debitId, hold.creditId].every((id) => {
    const account = draft.account(id);
    return account !== undefined && refuseStatus(account) === undefined;
  });
}
