import type { Decision } from '@trancendos/contracts/decision';
import { subjectOf } from '@trancendos/contracts/transaction';
import type { Account } from './account.ts';
import { deriveTransferId } from './derive-transfer-id.ts';
import { Draft, type EntryFacts } from './draft.ts';
import type { BatchEffects, DecisionEntry, EntryResult } from './entry.ts';
import { transactionKey, type LedgerPolicy, type LedgerState } from './ledger-state.ts';
import { moveMoney } from './move-money.ts';
import { nameAccounts, type TransactionAccounts } from './name-accounts.ts';
import { openAccount } from './open-account.ts';
import { isRefusal, refuse } from './refusal.ts';
import { renderOutcome, type Payment } from './render-outcome.ts';
import type { Transfer } from './transfer.ts';

/**
 * Does what a decision says to the money: approve posts from payer to merchant, or holds it where the merchant captures
 * later; review holds it, decline moves nothing. The first decision of a transaction counts. What cannot be done ends as a decline with the
 * ledger's reason, and is as final as any other.
 */
export function applyDecision(state: LedgerState, effects: BatchEffects, entry: DecisionEntry, policy: LedgerPolicy): EntryResult {
  const { decision } = entry;
  const { transaction } = decision;
  const key = transactionKey(transaction.merchant_id, transaction.transaction_id);
  if (state.decided.has(key)) return 'duplicate';
  const draft = new Draft(state, { policy, committedAtMs: effects.committedAtMs, facts: factsOf(entry) });
  const payment = makePayment(draft, decision);
  const { ledgerSeq } = draft;
  const outcome = renderOutcome(entry, payment, { ledgerSeq, committedAt: effects.committedAt, takenAtMs: effects.takenAtMs });
  draft.accept(effects, {
    topic: 'outcomes',
    ledgerSeq,
    key: subjectOf(transaction.payer),
    correlationId: transaction.request_id,
    value: outcome,
  });
  state.decided.add(key, true, { ledgerSeq, madeAtMs: Date.parse(transaction.received_at) });
  effects.transactions.push({
    merchantId: transaction.merchant_id,
    transactionId: transaction.transaction_id,
    ledgerSeq,
    transferId: outcome.money.transfer_id,
    decisionId: decision.decision_id,
    action: outcome.action,
  });
  return 'decided';
}

function makePayment(draft: Draft, { action, transaction }: Decision): Payment {
  if (action === 'decline' || transaction.amount_minor === 0) return undefined;
  const names = nameAccounts(transaction);
  if (!draft.policy.opensAtFirstSight) {
    const unknown = [names.payer, names.merchant].find(({ id }) => !draft.account(id));
    if (unknown) return refuse('account_unknown', `${unknown.id} is not open`);
  }
  const debtor = draft.account(names.payer.id) ?? openPayer(draft, names);
  const merchant = draft.account(names.merchant.id);
  const creditor = merchant ?? openAccount(draft, names.merchant);
  const amountMinor = BigInt(transaction.amount_minor);
  const id = deriveTransferId(Date.parse(transaction.received_at), 'payment', transaction.merchant_id, transaction.transaction_id);
  const move = { id, debtor, creditor, amountMinor };
  const made =
    action === 'approve' && !capturesLater(transaction)
      ? moveMoney(draft, { ...move, kind: 'post' })
      : moveMoney(draft, { ...move, kind: 'hold', expiresAtMs: draft.committedAtMs + draft.policy.holdTtlMs });
  if (isRefusal(made)) return made;
  if (!merchant) draft.putTerms(made.creditor);
  if (made.expiresAtMs !== null) placeHold(draft, made, transaction);
  return made;
}

function capturesLater({ capture }: Decision['transaction']): boolean {
  return capture === 'manual';
}

function placeHold(draft: Draft, { id, debtor, creditor, amountMinor, expiresAtMs }: Transfer, transaction: Decision['transaction']): void {
  if (expiresAtMs === null) throw new Error(`hold ${id} never expires`);
  draft.putHold({
    id,
    debitId: debtor.id,
    creditId: creditor.id,
    amountMinor,
    remainingMinor: amountMinor,
    capturedMinor: 0n,
    status: 'open',
    // What is taken only when the merchant says so is never taken because nobody said anything.
    onExpiry: capturesLater(transaction) ? 'void' : creditor.onExpiry,
    placedAtMs: draft.committedAtMs,
    expiresAtMs,
    placedSeq: draft.ledgerSeq,
    ledgerSeq: draft.ledgerSeq,
    merchantId: transaction.merchant_id,
    transactionId: transaction.transaction_id,
  });
}

/** The payer's account; a customer's opens with the credit of the policy, which the funding account pays. It stays open if the payment fails. */
function openPayer(draft: Draft, names: TransactionAccounts): Account {
  const opened = openAccount(draft, names.payer);
  const amountMinor = draft.policy.openingCreditMinor;
  draft.putTerms(opened);
  if (opened.kind !== 'customer' || amountMinor === 0n) return opened;
  const known = draft.account(names.funding.id);
  const debtor = known ?? openAccount(draft, names.funding);
  if (!known) draft.putTerms(debtor);
  const id = deriveTransferId(0, 'opening', opened.id);
  const made = moveMoney(draft, { id, kind: 'opening', debtor, creditor: opened, amountMinor });
  // A funding account that has counted all it can, or is frozen, gives no more credit; the customer then begins with nothing.
  return isRefusal(made) ? opened : made.creditor;
}

function factsOf({ origin, decision }: DecisionEntry): EntryFacts {
  return {
    origin,
    cause: {
      actor: decision.actor,
      model: decision.versions.model,
      ruleset: decision.versions.ruleset,
      requestedBy: null,
      approvedBy: null,
      reason: null,
    },
    decisionId: decision.decision_id,
    score: decision.score,
    effectiveAtMs: Date.parse(decision.transaction.occurred_at),
  };
}
