import type { FeedRow, WatchedEntity } from '@trancendos/contracts/socket';

/** Who is watched, by how many: rows of theirs are never sampled out. */
export class WatchedEntities {
  readonly #watchers = new Map<string, number>();

  add(entities: readonly WatchedEntity[]): void {
    for (const entity of entities) {
      const key = keyOf(entity.kind, entity.id);
      this.#watchers.set(key, (this.#watchers.get(key) ?? 0) + 1);
    }
  }

  remove(entities: readonly WatchedEntity[]): void {
    for (const entity of entities) {
      const key = keyOf(entity.kind, entity.id);
      const left = (this.#watchers.get(key) ?? 0) - 1;
      if (left > 0) this.#watchers.set(key, left);
      else this.#watchers.delete(key);
    }
  }

  /** Whether a row is about any of them. */
  concern({ merchant_id: merchant, terminal_id: terminal, payer }: Pick<FeedRow, 'merchant_id' | 'terminal_id' | 'payer'>): boolean {
    if (this.#watchers.size === 0) return false;
    return (
      this.#watchers.has(keyOf('merchant', merchant)) ||
      (terminal !== null && this.#watchers.has(keyOf('terminal', terminal))) ||
      (payer.account_id !== undefined && this.#watchers.has(keyOf('account', payer.account_id))) ||
      (payer.card_token !== undefined && this.#watchers.has(keyOf('card', payer.card_token)))
    );
  }
}

const keyOf = (kind: WatchedEntity['kind'], id: string) => `${kind} ${id}`;
