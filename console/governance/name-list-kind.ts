import type { EntityList } from '@trancendos/contracts/control';
import { nameCode } from '../wording/name-code.ts';

type ListKind = EntityList['kind'];

/** In English a kind is its own name. */
export const FRENCH_LIST_KINDS: Readonly<Record<ListKind, string>> = {
  account: 'Compte payeur',
  card_token: 'Jeton de carte',
  terminal: 'Terminal',
  merchant: 'Commerçant',
};

/** What a list speaks of, in the reader's language: `Card token`, `Jeton de carte`; a kind that is not known yet in English. */
export function nameListKind(kind: string): string {
  return nameCode(kind, FRENCH_LIST_KINDS);
}
