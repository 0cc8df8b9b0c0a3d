import type { Balance } from '@trancendos/contracts/balance';
import { availableMinor, type Account } from './account.ts';

/** An account as it is published and answered; `committedAt` is when this version of it was made. */
export function renderBalance(account: Account, committedAt: string): Balance {
  return {
    account_id: account.id,
    kind: account.kind,
    currency: account.currency,
    debits_posted: String(account.debitsPosted),
    credits_posted: String(account.creditsPosted),
    debits_pending: String(account.debitsPending),
    credits_pending: String(account.creditsPending),
    available: availableMinor(account)?.toString() ?? null,
    overdraft: account.overdraftMinor?.toString() ?? null,
    status: account.status,
    version: account.version,
    ledger_seq: account.ledgerSeq,
    committed_at: committedAt,
  };
}
