import type { TransactionAnswer } from '@trancendos/contracts/http';

/** What to do after an answer. A declined payment is never tried again by itself: whether that helps is what `retry` says. */
export type NextStep =
  /** Deliver. */
  | { readonly kind: 'proceed' }
  /** The money is held: an analyst decides, or you capture it. */
  | { readonly kind: 'await_review'; readonly until: Date | null }
  /** Let the customer prove who they are, and send a new transaction. */
  | { readonly kind: 'step_up' }
  /** A new transaction may pass, not before then. */
  | { readonly kind: 'try_later'; readonly notBefore: Date }
  /** Ask for another means of payment: trying again ends the same way, and costs trust. */
  | { readonly kind: 'give_up' }
  /** Not decided yet: ask for it again. */
  | { readonly kind: 'ask_again' };

export function adviseNext({ action, retry, money }: Pick<TransactionAnswer, 'action' | 'retry' | 'money'>): NextStep {
  if (action === null) return { kind: 'ask_again' };
  if (action === 'approve') return { kind: 'proceed' };
  if (action === 'review') return { kind: 'await_review', until: money?.expires_at == null ? null : new Date(money.expires_at) };
  if (retry?.advice === 'with_step_up') return { kind: 'step_up' };
  if (retry?.advice === 'after' && retry.not_before !== null) return { kind: 'try_later', notBefore: new Date(retry.not_before) };
  return { kind: 'give_up' };
}
