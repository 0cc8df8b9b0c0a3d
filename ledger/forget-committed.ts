import type { LedgerState } from './ledger-state.ts';

/** The share that goes when there is too much: so that it is seldom done. */
const KEPT_SHARE = 0.9;

/**
 * Keeps memory bounded: of accounts and holds at most `keptMax` each, and what is not committed up to `committedSeq` besides,
 * because the database cannot be asked for that. What is forgotten is read again when it is needed.
 */
export function forgetCommitted(state: LedgerState, committedSeq: number, keptMax: number): void {
  for (const recent of [state.decided, state.decidedCommands, state.commands, state.reversibles]) recent.forgetCommitted(committedSeq);
  if (state.accounts.size > keptMax) state.accounts.forgetOldest(committedSeq, Math.floor(keptMax * KEPT_SHARE));
  if (state.holds.size > keptMax) forgetOldest(state.holds, committedSeq, Math.floor(keptMax * KEPT_SHARE));
  if (state.causes.size > keptMax) {
    state.causes.clear();
    state.lastCause = undefined;
  }
  for (const id of state.spends.keys()) if (!state.accounts.has(id)) state.spends.delete(id);
}

function forgetOldest(kept: Map<string, { readonly ledgerSeq: number }>, committedSeq: number, keep: number): void {
  for (const [id, { ledgerSeq }] of kept) {
    if (ledgerSeq > committedSeq) continue;
    kept.delete(id);
    if (kept.size <= keep) return;
  }
}
