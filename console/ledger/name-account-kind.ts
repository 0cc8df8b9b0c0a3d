import type { AccountKind } from '@trancendos/contracts/balance';
import { locale } from '@trancendos/ui';

/** In English a kind is its own name. */
export const FRENCH_ACCOUNT_KINDS: Readonly<Record<AccountKind, string>> = {
  customer: 'client',
  merchant: 'commerçant',
  fee: 'frais',
  clearing: 'compensation',
  settlement: 'règlement',
  funding: 'financement',
};

/** Whose account it is, in the reader's language: `customer`, `client`; a kind that is not known yet in English. */
export function nameAccountKind(kind: string): string {
  return locale.get() === 'fr' && Object.hasOwn(FRENCH_ACCOUNT_KINDS, kind) ? FRENCH_ACCOUNT_KINDS[kind as AccountKind] : kind;
}
