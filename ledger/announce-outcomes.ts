import { ANNOUNCEMENTS_CHANNEL, writeAnnouncement, type Announced } from '@trancendos/contracts/announcement';
import { nowMs } from '@trancendos/platform/clock';
import type { Logger } from '@trancendos/platform/log';
import type { SealedBatch } from './seal-batch.ts';

/** What announcing needs of Redis: a command that fails soon while it is away, and gives the number of listeners. */
export interface AnnouncerClient {
  publish(channel: string, message: string): Promise<number>;
}

export interface AnnouncerParts {
  readonly client: AnnouncerClient;
  readonly log: Pick<Logger, 'warn'>;
  /** Milliseconds. */
  readonly clock?: () => number;
}

/** Most announcements that Redis has not answered: what a slow one has not taken stays in memory, and more of it would help nobody. */
const UNANSWERED_MAX = 64;
/** One that has failed is tried again after this long, by the next batch. */
const QUIET_MS = 1_000;

/**
 * Says over Redis what has just been committed, so that a waiting request is answered without the broker's two hops. For speed alone: the
 * relay publishes the same outcomes, and a request whose announcement is lost gets its answer from there.
 */
export class OutcomeAnnouncer {
  readonly #parts: AnnouncerParts;
  readonly #clock: () => number;
  #heard = false;
  #failing = false;
  #unanswered = 0;
  #quietUntilMs = -Infinity;

  constructor(parts: AnnouncerParts) {
    this.#parts = parts;
    this.#clock = parts.clock ?? nowMs;
  }

  /** Whether the last announcement found a listener. While none does, whoever waits gets its answers from the broker alone. */
  isHeard(): boolean {
    return this.#heard;
  }

  /** Announces the decisions of a batch that is committed. Returns at once. */
  announce(batch: Pick<SealedBatch, 'effects' | 'texts'>): void {
    const announced = announcedBy(batch);
    if (announced.length === 0) return;
    if (this.#unanswered >= UNANSWERED_MAX || this.#clock() < this.#quietUntilMs) {
      this.#heard = false;
      return;
    }
    this.#unanswered++;
    this.#parts.client
      .publish(ANNOUNCEMENTS_CHANNEL, writeAnnouncement(announced))
      .then(
        (listeners) => {
          this.#heard = listeners > 0;
          this.#failing = false;
        },
        (error: unknown) => this.#fail(error),
      )
      .finally(() => this.#unanswered--);
  }

  #fail(error: unknown): void {
    this.#heard = false;
    this.#quietUntilMs = this.#clock() + QUIET_MS;
    if (!this.#failing) this.#parts.log.warn({ err: error }, 'outcomes cannot be announced; they are answered through the broker');
    this.#failing = true;
  }
}

function announcedBy({ effects, texts }: Pick<SealedBatch, 'effects' | 'texts'>): Announced[] {
  return effects.messages.flatMap((message, index): Announced[] => {
    const text = texts[index];
    if (message.topic !== 'outcomes' || text === undefined) return [];
    const { merchant_id: merchantId, transaction_id: transactionId } = message.value.transaction;
    return [{ merchantId, transactionId, text }];
  });
}
