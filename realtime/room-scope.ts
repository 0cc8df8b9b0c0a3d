import { capabilitiesOf } from '@trancendos/contracts/session';
import type { FeedRow } from '@trancendos/contracts/socket';
import type { Session } from './sessions.ts';

/** What of the platform a session may see live. */
export type RoomScope =
  { readonly kind: 'everything' } | { readonly kind: 'merchants'; readonly ids: ReadonlySet<string> } | { readonly kind: 'nothing' };

/** Decides what a session may see live; rooms are chosen by it and never by what the browser asks for. */
export function roomScopeOf({ roles }: Pick<Session, 'roles'>): RoomScope {
  return capabilitiesOf(roles).includes('live:read') ? { kind: 'everything' } : { kind: 'nothing' };
}

/** Names a scope: sessions of the same name share rooms. */
export function scopeKeyOf(scope: RoomScope): string {
  return scope.kind === 'merchants' ? `merchants ${[...scope.ids].sort().join(',')}` : scope.kind;
}

export function covers(scope: RoomScope, row: Pick<FeedRow, 'merchant_id'>): boolean {
  return scope.kind === 'everything' || (scope.kind === 'merchants' && scope.ids.has(row.merchant_id));
}

/** Whether a session may follow the balance of a ledger account (`merchant:books-03:EUR`). */
export function coversAccount(scope: RoomScope, accountId: string): boolean {
  if (scope.kind !== 'merchants') return scope.kind === 'everything';
  const [kind, ...rest] = accountId.split(':');
  return kind === 'merchant' && scope.ids.has(rest.slice(0, -1).join(':'));
}
