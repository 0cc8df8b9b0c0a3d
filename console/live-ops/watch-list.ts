import type { FeedItem, WatchedEntity } from '@trancendos/contracts/socket';
import { Cell } from '@trancendos/ui';

const STORED_AS = 'trancendos.watched';
/** As many as the gateway takes. */
export const WATCHED_MAX = 20;
const KINDS: readonly string[] = ['merchant', 'terminal', 'account', 'card'] satisfies WatchedEntity['kind'][];

/** Whom this reader watches: their rows are never sampled out, and stand out in the list. Kept by the browser, newest last. */
export class WatchList {
  readonly entities = new Cell<readonly WatchedEntity[]>(readStored());

  /** Watches an entity, or stops watching it. Beyond 20 the one watched longest goes. */
  toggle(entity: WatchedEntity): void {
    const others = this.entities.get().filter((each) => !isSame(each, entity));
    const isWatched = others.length < this.entities.get().length;
    const next = isWatched ? others : [...others, entity].slice(-WATCHED_MAX);
    this.entities.set(next);
    try {
      localStorage.setItem(STORED_AS, JSON.stringify(next));
    } catch {
      // A browser that keeps nothing watches until the page is closed.
    }
  }
}

export function isSame(left: WatchedEntity, right: WatchedEntity): boolean {
  return left.kind === right.kind && left.id === right.id;
}

/** Whether a row is about any of those who are watched. */
export function concernsWatched(item: FeedItem, watched: readonly WatchedEntity[]): boolean {
  return watched.length > 0 && entitiesOf(item).some((entity) => watched.some((each) => isSame(each, entity)));
}

/** The entities that a row is about. */
export function entitiesOf({ merchant_id: merchant, terminal_id: terminal, payer }: FeedItem): WatchedEntity[] {
  const entities: WatchedEntity[] = [{ kind: 'merchant', id: merchant }];
  if (payer.account_id !== undefined) entities.push({ kind: 'account', id: payer.account_id });
  if (payer.card_token !== undefined) entities.push({ kind: 'card', id: payer.card_token });
  if (terminal !== null) entities.push({ kind: 'terminal', id: terminal });
  return entities;
}

function readStored(): WatchedEntity[] {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(STORED_AS) ?? '[]');
    return Array.isArray(stored) ? stored.filter(isEntity).slice(-WATCHED_MAX) : [];
  } catch {
    return [];
  }
}

function isEntity(value: unknown): value is WatchedEntity {
  const { kind, id } = (value ?? {}) as Record<string, unknown>;
  return typeof kind === 'string' && KINDS.includes(kind) && typeof id === 'string' && id !== '' && id.length <= 96;
}
