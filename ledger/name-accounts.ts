import { AccountKind } from '@trancendos/contracts/balance';
import { Currency } from '@trancendos/contracts/money';
import type { PaymentTransaction } from '@trancendos/contracts/transaction';

/** An account as it is referred to, whether or not it is open yet. */
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
    payer: payer.account_id === undefined ? nameAccount('clearing', 'card', currency) : nameAccount('customer', payer.account_id, currency),
    merchant: nameAccount('merchant', merchant_id, currency),
    funding: nameAccount('funding', 'opening', currency),
  };
}

/** Where money of that currency waits while it is exchanged. */
export function nameExchange(currency: Currency): AccountName {
  return nameAccount('clearing', 'exchange', currency);
}

/** The account that an id names; undefined where its currency is none that the platform keeps accounts in. */
export function nameOfId(id: string): AccountName | undefined {
  const kind = AccountKind.safeParse(id.slice(0, id.indexOf(':')));
  const currency = Currency.safeParse(id.slice(id.lastIndexOf(':') + 1));
  return kind.success && currency.success ? { id, kind: kind.data, currency: currency.data } : undefined;
}

function nameAccount(kind: AccountKind, owner: string, currency: Currency): AccountName {
  return { id: `${kind}:${owner}:${currency}`, kind, currency };
}
