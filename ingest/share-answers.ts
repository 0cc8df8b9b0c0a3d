import type { Logger } from '@trancendos/platform/log';
import { newId } from '@trancendos/platform/new-id';
import type { Redis } from 'ioredis';
import type { WaitingRoom } from './waiting-room.ts';

export interface SharingParts {
  /** For publishing; fails soon while Redis is away. */
  readonly redis: Pick<Redis, 'publish'>;
  /** A connection that does nothing but listen. */
  readonly listener: Redis;
  readonly room: Pick<WaitingRoom, 'announce'>;
  readonly log: Logger;
}

const CHANNEL = 'ingest:answers';

/**
 * Brings answers to the instance whose request waits for them: the outcomes are shared out among the instances, so the one that reads an
 * outcome is mostly not the one that published its transaction. An answer that is lost on this way, or while Redis is away, is found in the
 * database shortly before the deadline.
 */
export class AnswerSharer {
  readonly #parts: SharingParts;
  readonly #instance = newId('ins');
  #queue: [name: string, answer: string][] = [];
  #failing = false;

  constructor(parts: SharingParts) {
    this.#parts = parts;
    const { listener } = parts;
    listener.on('message', (_channel: string, message: string) => this.#take(message));
    const listen = () => void listener.subscribe(CHANNEL).catch((error: unknown) => this.#warn(error));
    listener.on('ready', listen);
    if (listener.status === 'ready') listen();
  }

  /** Tells the other instances of an answer that nobody has waited for here, together with what else comes in this turn. Returns at once. */
  share(name: string, answer: string): void {
    this.#queue.push([name, answer]);
    if (this.#queue.length === 1) setImmediate(() => this.#flush());
  }

  #flush(): void {
    const answers = this.#queue;
    this.#queue = [];
    this.#parts.redis.publish(CHANNEL, JSON.stringify([this.#instance, answers])).then(
      () => (this.#failing = false),
      (error: unknown) => this.#warn(error),
    );
  }

  #take(message: string): void {
    const [instance, answers] = JSON.parse(message) as [string, [name: string, answer: string][]];
    if (instance === this.#instance) return;
    for (const [name, answer] of answers) this.#parts.room.announce(name, answer);
  }

  #warn(error: unknown): void {
    if (!this.#failing) this.#parts.log.warn({ err: error }, 'answers do not reach the other instances; they are looked up');
    this.#failing = true;
  }
}
