import { metrics } from '@trancendos/platform/metrics';
import { RecentMap } from '@trancendos/platform/keep-recent';
import type { Moment } from './moment.ts';

export interface WaitingRoomOptions {
  /** Most requests inside at a time. */
  readonly capacity: number;
  /** How many of the last answers are kept at hand, for those who ask while the answer is on its way to the database. Default 10,000. */
  readonly recentMax?: number;
}

const RECENT_MAX = 10_000;

/** Where requests wait for the answer to their transaction. */
export class WaitingRoom {
  readonly #capacity: number;
  readonly #waiters = new Map<string, Set<(answer: string) => void>>();
  /** How many expect the answer to a transaction. */
  readonly #expected = new Map<string, number>();
  readonly #recent: RecentMap<string>;
  #inside = 0;

  constructor(options: WaitingRoomOptions) {
    this.#capacity = options.capacity;
    this.#recent = new RecentMap(options.recentMax ?? RECENT_MAX);
  }

  /** Whether so many more fit into such a share of the room. */
  hasRoomFor(count: number, share: number): boolean {
    return this.#inside + count <= this.#capacity * share;
  }

  /** Lets one more request in; false when there is no room. Whoever came in has to leave. */
  enter(): boolean {
    if (this.#inside >= this.#capacity) return false;
    this.#inside++;
    metrics.waiting.set(this.#inside);
    return true;
  }

  leave(): void {
    this.#inside--;
    metrics.waiting.set(this.#inside);
  }

  /** The answer to `transaction`, when it came a short while ago. */
  recentAnswer(transaction: string): string | undefined {
    return this.#recent.get(transaction);
  }

  /** Says that somebody will wait for the answer to `transaction`, before it can be on its way. Gives what takes that back. */
  expect(transaction: string): () => void {
    this.#expected.set(transaction, (this.#expected.get(transaction) ?? 0) + 1);
    return () => {
      const others = (this.#expected.get(transaction) ?? 1) - 1;
      if (others > 0) this.#expected.set(transaction, others);
      else this.#expected.delete(transaction);
    };
  }

  /** Whether the answer to `transaction` is expected here, and has not come. */
  isExpected(transaction: string): boolean {
    return this.#expected.has(transaction) && this.#recent.get(transaction) === undefined;
  }

  /** Waits for the answer to `transaction`; undefined when `end` comes first. Answers at once when the answer is at hand. */
  wait(transaction: string, end: Moment): Promise<string | undefined> {
    const recent = this.#recent.get(transaction);
    if (recent !== undefined || end.hasCome) return Promise.resolve(recent);
    return new Promise((resolve) => {
      const waiters = this.#waiters.get(transaction) ?? new Set();
      const onAnswer = (answer: string | undefined) => {
        end.forget(onEnd);
        waiters.delete(onAnswer);
        if (waiters.size === 0) this.#waiters.delete(transaction);
        resolve(answer);
      };
      const onEnd = () => onAnswer(undefined);
      end.tell(onEnd);
      this.#waiters.set(transaction, waiters.add(onAnswer));
    });
  }

  /** Gives everybody who waits for `transaction` its answer; false where nobody does. A second answer to the same transaction changes nothing. */
  announce(transaction: string, answer: string): boolean {
    if (this.#recent.get(transaction) !== undefined) return true;
    this.#recent.set(transaction, answer);
    const waiters = [...(this.#waiters.get(transaction) ?? [])];
    for (const onAnswer of waiters) onAnswer(answer);
    return waiters.length > 0;
  }
}

/** The name under which a transaction waits: ids are unique within their merchant only, and neither holds a space. */
export function waitingName(merchantId: string, transactionId: string): string {
  return `${merchantId} ${transactionId}`;
}
