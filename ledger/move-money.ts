import type { Decision, Reason } from '@trancendos/contracts/decision';
import { availableMinor, type Account } from './account.ts';
import { deriveTransferId } from './derive-transfer-id.ts';
import { explainRefusal } from './explain-refusal.ts';
import type { LedgerPolicy, LedgerState } from './ledger-state.ts';
import { nameAccounts, type AccountName, type TransactionAccounts } from './name-accounts.ts';
import type { Transfer } from './transfer.ts';

/** What one decision does to the money. */
export type Movement = Changes &
  (
    | { readonly kind: 'none' }
    /** `payment`: the transfer that settles or holds what is paid. */
    | { readonly kind: 'moved'; readonly payment: Transfer }
    /** `refusal`: why the ledger declines what was to be approved or held. */
    | { readonly kind: 'refused'; readonly refusal: Reason }
  );

interface Changes {
  readonly transfers: readonly Transfer[];
  /** Every account that was opened or changed, in its final version, once each. */
  readonly accounts: readonly Account[];
}

export interface MoveOptions {
  readonly policy: LedgerPolicy;
  /** When a hold made now expires. */
  readonly expiresAt: string;
}

/**
 * Highest value of a counter: twice it still fits PostgreSQL's bigint, so that no sum of two counters, in SQL or here, leaves it.
 */
export const COUNTER_MAX_MINOR = 2n ** 62n - 1n;

/** Nothing to pay with and nothing to pay: a decline, and the verification of an account by an amount of 0. */
const NOTHING: Movement = { kind: 'none', transfers: [], accounts: [] };

/**
 * Decides the transfers of one decision against `state`, which it reads and advances only in the number of transfers: approve posts from
 * payer to merchant, review holds it, decline moves nothing. Accounts open when money is first to be moved from or to them.
 */
export function moveMoney(state: LedgerState, decision: Decision, options: MoveOptions): Movement {
  const { transaction } = decision;
  if (decision.action === 'decline' || transaction.amount_minor === 0) return NOTHING;
  const names = nameAccounts(transaction);
  const amountMinor = BigInt(transaction.amount_minor);
  const kind = decision.action === 'approve' ? 'post' : 'hold';

  const opening = openPayer(state, names, options.policy);
  const payer = opening.payer;
  const merchant = state.accounts.get(names.merchant.id) ?? openAccount(names.merchant, state.lastSeq, options.policy);
  const refusal = refuse(payer, merchant, amountMinor);
  if (refusal) return { kind: 'refused', transfers: opening.transfers, accounts: opening.accounts, refusal };

  const debtor = debit(payer, kind, amountMinor, state.lastSeq);
  const creditor = credit(merchant, kind, amountMinor, state.lastSeq);
  const payment: Transfer = {
    id: deriveTransferId(Date.parse(transaction.received_at), 'payment', transaction.merchant_id, transaction.transaction_id),
    kind,
    seq: ++state.lastTransferSeq,
    ledgerSeq: state.lastSeq,
    amountMinor,
    debtor,
    creditor,
    expiresAt: kind === 'hold' ? options.expiresAt : null,
  };
  const others = opening.accounts.filter(({ id }) => id !== debtor.id);
  return { kind: 'moved', transfers: [...opening.transfers, payment], accounts: [...others, debtor, creditor], payment };
}

interface Opening extends Changes {
  readonly payer: Account;
}

/** The payer's account; a customer's first one opens with the credit of the policy, which the funding account pays. */
function openPayer(state: LedgerState, names: TransactionAccounts, policy: LedgerPolicy): Opening {
  const known = state.accounts.get(names.payer.id);
  if (known) return { payer: known, transfers: [], accounts: [] };
  const opened = openAccount(names.payer, state.lastSeq, policy);
  const funding = state.accounts.get(names.funding.id) ?? openAccount(names.funding, state.lastSeq, policy);
  const amountMinor = policy.openingCreditMinor;
  // A funding account that has counted all it can gives no more credit; the customer then begins with nothing.
  const given = opened.kind === 'customer' && amountMinor > 0n && fits(funding.debitsPosted, amountMinor);
  if (!given) return { payer: opened, transfers: [], accounts: [opened] };
  const transfer: Transfer = {
    id: deriveTransferId(0, 'opening', opened.id),
    kind: 'opening',
    seq: ++state.lastTransferSeq,
    ledgerSeq: state.lastSeq,
    amountMinor,
    debtor: debit(funding, 'post', amountMinor, state.lastSeq),
    creditor: credit(opened, 'post', amountMinor, state.lastSeq),
    expiresAt: null,
  };
  return { payer: transfer.creditor, transfers: [transfer], accounts: [transfer.debtor, transfer.creditor] };
}

/** A new account. Customers have the overdraft of the policy and merchants none; what stands for the outside has no limit. */
function openAccount({ id, kind, currency }: AccountName, ledgerSeq: number, policy: LedgerPolicy): Account {
  const overdraftMinor = { customer: policy.customerOverdraftMinor, merchant: 0n, clearing: null, funding: null }[kind];
  const counters = { debitsPosted: 0n, creditsPosted: 0n, debitsPending: 0n, creditsPending: 0n };
  return { id, kind, currency, ...counters, overdraftMinor, version: 1, ledgerSeq };
}

function refuse(payer: Account, merchant: Account, amountMinor: bigint): Reason | undefined {
  const available = availableMinor(payer);
  if (available !== null && available < amountMinor) {
    return explainRefusal({ code: 'insufficient_funds', neededMinor: amountMinor, availableMinor: available, currency: payer.currency });
  }
  // A hold may be posted in full later, so both counters together must have room.
  const debits = payer.debitsPosted + payer.debitsPending;
  const credits = merchant.creditsPosted + merchant.creditsPending;
  if (fits(debits, amountMinor) && fits(credits, amountMinor)) return undefined;
  return explainRefusal({ code: 'ledger_capacity_reached' });
}

function fits(counterMinor: bigint, amountMinor: bigint): boolean {
  return counterMinor + amountMinor <= COUNTER_MAX_MINOR;
}

function debit(account: Account, kind: 'post' | 'hold', amountMinor: bigint, ledgerSeq: number): Account {
  const next = { ...account, version: account.version + 1, ledgerSeq };
  if (kind === 'post') return { ...next, debitsPosted: account.debitsPosted + amountMinor };
  return { ...next, debitsPending: account.debitsPending + amountMinor };
}

function credit(account: Account, kind: 'post' | 'hold', amountMinor: bigint, ledgerSeq: number): Account {
  const next = { ...account, version: account.version + 1, ledgerSeq };
  if (kind === 'post') return { ...next, creditsPosted: account.creditsPosted + amountMinor };
  return { ...next, creditsPending: account.creditsPending + amountMinor };
}
