import type { TopicKey } from '@trancendos/contracts/topics';

/** Where a message came from, kept until it is done. */
export interface Origin {
  readonly topic: TopicKey;
  readonly partition: number;
  readonly offset: bigint;
  readonly key: string | null;
  readonly correlationId: string;
  readonly sentAtMs: number;
  readonly payload: () => Buffer;
}

/** One fetched message: readable, not readable, or one that carries nothing (a tombstone of a compacted topic). */
export type Entry<M> =
  | { readonly kind: 'message'; readonly origin: Origin; readonly message: M }
  | { readonly kind: 'unreadable'; readonly origin: Origin; readonly code: 'not_json' | 'schema_mismatch'; readonly detail: string }
  | { readonly kind: 'skip'; readonly origin: Origin };

/**
 * What has been fetched and not yet taken up. Bounded: `full` tells the fetcher to wait for `drained`.
 * One taker at a time; it calls `settle` when it is done with what it took.
 */
export class InboxQueue<M> {
  readonly #capacity: number;
  #entries: Entry<M>[] = [];
  #takenSentAtMs: number | undefined;
  #closed = false;
  #wakeTaker: (() => void) | undefined;
  #wakeFetchers: (() => void)[] = [];

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  full(): boolean {
    return this.#entries.length >= this.#capacity;
  }

  push(entry: Entry<M>): void {
    this.#entries.push(entry);
    this.#wakeTaker?.();
  }

  /** Everything there is, at most `most`; waits until there is something. Undefined when the queue was closed. */
  async take(most: number): Promise<Entry<M>[] | undefined> {
    while (this.#entries.length === 0 && !this.#closed) {
      await new Promise<void>((resolve) => (this.#wakeTaker = resolve));
      this.#wakeTaker = undefined;
    }
    if (this.#closed) return undefined;
    const taken = this.#entries.length <= most ? this.#entries : this.#entries.slice(0, most);
    this.#entries = this.#entries.length <= most ? [] : this.#entries.slice(most);
    this.#takenSentAtMs = taken[0]?.origin.sentAtMs;
    this.#releaseFetchers();
    return taken;
  }

  settle(): void {
    this.#takenSentAtMs = undefined;
  }

  /** Resolves when there is room again. */
  drained(): Promise<void> {
    if (!this.full()) return Promise.resolve();
    return new Promise((resolve) => this.#wakeFetchers.push(resolve));
  }

  /** Forgets what has not been taken up: somebody else will be given it, or we shall again. */
  clear(): void {
    this.#entries = [];
    this.#releaseFetchers();
  }

  close(): void {
    this.#closed = true;
    this.clear();
    this.#wakeTaker?.();
  }

  /** When the oldest message that is not done was sent; undefined when everything is done. */
  oldestSentAtMs(): number | undefined {
    return this.#takenSentAtMs ?? this.#entries[0]?.origin.sentAtMs;
  }

  #releaseFetchers(): void {
    const waiting = this.#wakeFetchers;
    this.#wakeFetchers = [];
    for (const wake of waiting) wake();
  }
}
