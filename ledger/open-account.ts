import type { AccountKind } from '@trancendos/contracts/balance';
import type { Account } from './account.ts';
import type { Draft } from './draft.ts';
import type { AccountName } from './name-accounts.ts';

/** Of all kinds, how far an account may go below its credits when nobody has said anything: customers by policy, the outside without limit. */
export function defaultOverdraft(kind: AccountKind, customerOverdraftMinor: bigint): bigint | null {
  switch (kind) {
    case 'customer':
      return customerOverdraftMinor;
    case 'merchant':
    case 'fee':
      return 0n;
    case 'clearing':
    case 'settlement':
    case 'funding':
      return null;
  }
}

/** A new account with nothing on it, under default terms. The draft does not have it yet. */
export function openAccount(draft: Draft, { id, kind, currency }: AccountName): Account {
  return {
    id,
    number: draft.nextAccountNumber(),
    kind,
    currency,
    debitsPosted: 0n,
    creditsPosted: 0n,
    debitsPending: 0n,
    creditsPending: 0n,
    overdraftMinor: defaultOverdraft(kind, draft.policy.customerOverdraftMinor),
    status: 'open',
    onExpiry: 'void',
    velocity: [],
    metadata: {},
    version: 1,
    ledgerSeq: draft.ledgerSeq,
  };
}
