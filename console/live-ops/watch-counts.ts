import type { FeedItem, WatchedEntity } from '@trancendos/contracts/socket';
import { Cell } from '@trancendos/ui';
import { entitiesOf, isSame } from './watch-list.ts';

/** How many outcomes of each watched entity have come since the reader last looked at it. */
export class WatchCounts {
  readonly current = new Cell<ReadonlyMap<string, number>>(new Map());
  readonly #counts = new Map<string, number>();
  #isChanged = false;

  /** Counts an outcome for those whom it concerns; true where it concerns anybody. */
  count(item: FeedItem, watched: readonly WatchedEntity[]): boolean {
    if (watched.length === 0) return false;
    const concerned = entitiesOf(item).filter((entity) => watched.some((each) => isSame(each, entity)));
    for (const entity of concerned) this.#counts.set(keyOf(entity), (this.#counts.get(keyOf(entity)) ?? 0) + 1);
    this.#isChanged ||= concerned.length > 0;
    return concerned.length > 0;
  }

  countOf(entity: WatchedEntity): number {
    return this.current.get().get(keyOf(entity)) ?? 0;
  }

  /** The reader has looked at what came of an entity. */
  look(entity: WatchedEntity): void {
    if (this.#counts.delete(keyOf(entity))) this.#isChanged = true;
    this.publish();
  }

  /** Shows the counts; to be called when the feed is painted. */
  publish(): void {
    if (!this.#isChanged) return;
    this.#isChanged = false;
    this.current.set(new Map(this.#counts));
  }
}

const keyOf = ({ kind, id }: WatchedEntity) => `${kind} ${id}`;
