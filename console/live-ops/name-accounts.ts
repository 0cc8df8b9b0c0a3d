import type { FeedItem } from '@trancendos/contracts/socket';

/** The ledger accounts of an outcome's two sides. A payer known only by a card stands in the clearing account. */
export function nameAccounts({ payer, merchant_id, currency }: Pick<FeedItem, 'payer' | 'merchant_id' | 'currency'>): {
  readonly payer: string;
  readonly merchant: string;
} {
  return {
    payer: payer.account_id === undefined ? `clearing:card:${currency}` : `customer:${payer.account_id}:${currency}`,
    merchant: `merchant:${merchant_id}:${currency}`,
  };
}

/** Who pays, as a reader knows it: the account, or else the card. */
export function namePayer({ payer }: Pick<FeedItem, 'payer'>): string {
  return payer.account_id ?? payer.card_token ?? '';
}
