import type { AccountKind } from '@trancendos/contracts/balance';
import type { Currency } from '@trancendos/contracts/money';
import type { PaymentTransaction } from '@trancendos/contracts/transaction';

/** An account as a transaction refers to it, whether or not it is open yet. */
export interface AccountName {
  readonly id: string;
  readonly kind: AccountKind;
  readonly currency: Currency;
}

export interface TransactionAccounts {
  readonly payer: AccountName;
  readonly merchant: AccountName;
  /** Where opening credits of that currency come from. */
  readonly funding: AccountName;
}

/**
 * The accounts that a payment moves money between, in its own currency. A payer who is known by a card token alone pays through the
 * clearing account of all cards, because the ledger keeps no account for them.
 */
export function nameAccounts({ payer, merchant_id, currency }: PaymentTransaction): TransactionAccounts {
  return {
    payer: payer.account_id === undefined ? name('clearing', 'card', currency) : name('customer', payer.account_id, currency),
    merchant: name('merchant', merchant_id, currency),
    funding: name('funding', 'opening', currency),
  };
}

function name(kind: AccountKind, owner: string, currency: Currency): AccountName {
  return { id: `${kind}:${owner}:${currency}`, kind, currency };
}
