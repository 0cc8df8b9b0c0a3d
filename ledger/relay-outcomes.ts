import type { Balance } from '@trancendos/contracts/balance';
import { nowMs, pause } from '@trancendos/platform/clock';
import type { Logger } from '@trancendos/platform/log';
import { metrics } from '@trancendos/platform/metrics';
import type { Publisher } from '@trancendos/platform/publish';
import type { Resource } from '@trancendos/platform/run';
import type { Message } from './entry.ts';
import type { OutcomeStore, StoredBatch } from './outcome-store.ts';
import { renderBalance } from './render-balance.ts';
import type { SealedBatch } from './seal-batch.ts';

export interface RelayOptions {
  /** Used by nobody else: what one call publishes then is one request, and order is kept when it has to be repeated. */
  readonly publisher: Pick<Publisher, 'publish' | 'publishText'>;
  readonly store: OutcomeStore;
  readonly log: Logger;
  /** Most messages committed and not yet published before the writer has to wait. Default 8,000. */
  readonly queueMax?: number;
  /**
   * Asked before each request: how long after the one before it outcomes of decisions are gathered, while nobody waits for them here. What
   * became of commands is published at once. Default 0.
   */
  readonly gatherMs?: () => number;
}

interface Waiting {
  readonly message: Message;
  /** What it says, in JSON, where that is at hand. */
  readonly text: string | undefined;
  readonly length: number;
  /** At a batch's last message: which batch it is, and the accounts that it changed, which are published after it. */
  readonly end: { readonly batchSeq: number; readonly balances: readonly Balance[] } | undefined;
  readonly committedAtMs: number;
}

/** What one request carries at most: the broker takes up to 1 MB for a partition. */
const GROUP_MAX = 500;
const GROUP_LENGTH_MAX = 400_000;
/** Of an outcome that is not kept in words: more than it ever takes. */
const TOLD_LENGTH = 1_200;
const RETRY_FIRST_MS = 100;
const RETRY_MOST_MS = 5_000;
const SAVE_EVERY_MS = 100;
const DRAIN_MS = 5_000;

/**
 * Publishes what has been committed, in commit order: outcomes of decisions and of commands, and the newest balance of every account that
 * changed.
 *
 * From memory while it runs, from the outbox table after a crash or a commit whose fate was unknown. Every message is published at least
 * once; a repetition carries the same position, event id and version, by which readers know it.
 */
export class OutcomeRelay implements Resource {
  readonly #options: RelayOptions;
  readonly #queueMax: number;
  readonly #end = new AbortController();
  #queue: Waiting[] = [];
  /** The last batch that was ever queued here. */
  #queuedBatch = 0;
  #publishing: Promise<void> | undefined;
  #publishedBatch = 0;
  #saving: Promise<void> | undefined;
  #lastRequestMs = 0;
  #hurry: () => void = () => undefined;
  #wakeWaiting: (() => void)[] = [];

  constructor(options: RelayOptions) {
    this.#options = options;
    this.#queueMax = options.queueMax ?? 8_000;
  }

  /** Queues what is committed up to batch `lastBatch` and neither known to be published nor queued here. */
  async resume(lastBatch: number): Promise<void> {
    const { store, log } = this.#options;
    const afterBatch = Math.max(this.#queuedBatch, await store.readPublishedBatch());
    if (afterBatch < lastBatch) {
      log.info({ from: afterBatch + 1, to: lastBatch }, 'publishing what was committed and may not have been published');
      for (const batch of await store.readBatches(afterBatch, lastBatch)) this.#enqueue(batch);
    }
    this.#queuedBatch = Math.max(afterBatch, lastBatch);
  }

  /** Queues a batch that has just been committed. */
  push({ effects, lines, texts, after }: Pick<SealedBatch, 'effects' | 'lines' | 'texts' | 'after'>): void {
    const balances = [...effects.accounts.values()].map((change) => renderBalance(change.after, effects.committedAt));
    const { messages, committedAtMs } = effects;
    this.#enqueue({ batchSeq: after.lastBatchSeq, messages, texts, lengths: lines.map(({ length }) => length), balances, committedAtMs });
    this.#queuedBatch = after.lastBatchSeq;
  }

  /** Resolves when there is room for another batch. Rejects when `signal` is aborted before. */
  async room(signal: AbortSignal): Promise<void> {
    while (this.#queue.length >= this.#queueMax) {
      signal.throwIfAborted();
      const freed = new Promise<void>((resolve) => this.#wakeWaiting.push(resolve));
      await Promise.race([freed, pause(1_000, signal)]);
    }
  }

  /** Age in seconds of the oldest outcome that waits to be published; 0 when none does. */
  oldestSeconds(): number {
    const [oldest] = this.#queue;
    return oldest ? Math.max(0, nowMs() - oldest.committedAtMs) / 1000 : 0;
  }

  /**
   * Publishes nothing more: the journal has passed to somebody who publishes what is left, and what came from here later than that would
   * be older than it.
   */
  abandon(): void {
    this.#end.abort();
  }

  /** Publishes what is queued, for some seconds at most: what is left is published by the next start. */
  async stop(): Promise<void> {
    this.#hurry();
    if (this.#publishing) await Promise.race([this.#publishing, pause(DRAIN_MS, this.#end.signal)]);
    this.#end.abort();
    await this.#saving;
  }

  #enqueue({ batchSeq, messages, texts, lengths, balances, committedAtMs }: StoredBatch): void {
    messages.forEach((message, index) => {
      const end = index === messages.length - 1 ? { batchSeq, balances } : undefined;
      this.#queue.push({ message, text: texts[index], length: lengthOf(message, lengths[index]), end, committedAtMs });
    });
    metrics.outboxOldestSeconds.set(this.oldestSeconds());
    if (messages.some(isUrgent)) this.#hurry();
    if (this.#queue.length > 0 && !this.#end.signal.aborted) this.#publishing ??= this.#publishAll();
  }

  async #publishAll(): Promise<void> {
    for (let failures = 0; this.#queue.length > 0 && !this.#isEnded();) {
      await this.#gather();
      if (this.#isEnded()) break;
      const group = this.#nextGroup();
      const failure = await this.#publish(group);
      metrics.outboxOldestSeconds.set(this.oldestSeconds());
      if (failure === undefined) {
        failures = 0;
        this.#finish(group);
        continue;
      }
      const retryInMs = Math.min(RETRY_FIRST_MS * 2 ** failures++, RETRY_MOST_MS);
      this.#options.log.warn({ err: failure, waiting: this.#queue.length, retryInMs }, 'outcomes could not be published yet');
      await pause(retryInMs, this.#end.signal);
    }
    this.#publishing = undefined;
  }

  #isEnded(): boolean {
    return this.#end.signal.aborted;
  }

  /** Waits for more to come along, for a while after the last request. */
  async #gather(): Promise<void> {
    const waitMs = this.#lastRequestMs + (this.#options.gatherMs?.() ?? 0) - nowMs();
    if (waitMs > 0 && this.#queue.length < GROUP_MAX && !this.#queue.some(({ message }) => isUrgent(message))) {
      await Promise.race([pause(waitMs, this.#end.signal), new Promise<void>((resolve) => (this.#hurry = resolve))]);
    }
    this.#lastRequestMs = nowMs();
  }

  /** The first that wait, as many as one request carries. */
  #nextGroup(): Waiting[] {
    let length = 0;
    const end = this.#queue.findIndex(
      (waiting, index) => index > 0 && (index >= GROUP_MAX || (length += waiting.length) > GROUP_LENGTH_MAX),
    );
    return this.#queue.slice(0, end === -1 ? undefined : end);
  }

  /** Undefined when the broker has all of it. One that failed is repeated whole, before anything later. */
  async #publish(group: readonly Waiting[]): Promise<unknown> {
    const { publisher } = this.#options;
    const newest = new Map<string, { balance: Balance; correlationId: string }>();
    const sending = group.map(({ message, text, end }) => {
      const { topic, key, correlationId } = message;
      for (const balance of end?.balances ?? []) newest.set(balance.account_id, { balance, correlationId });
      if (text !== undefined) return publisher.publishText(topic, key, text, correlationId);
      return message.topic === 'outcomes'
        ? publisher.publish(message.topic, key, message.value, correlationId)
        : publisher.publish(message.topic, key, message.decided.outcome, correlationId);
    });
    for (const { balance, correlationId } of newest.values()) {
      sending.push(publisher.publish('balances', balance.account_id, balance, correlationId));
    }
    const failed = (await Promise.allSettled(sending)).find((settled) => settled.status === 'rejected');
    return failed?.reason;
  }

  #finish(group: readonly Waiting[]): void {
    this.#queue.splice(0, group.length);
    const now = nowMs();
    for (const { end, committedAtMs } of group) {
      // Only at the end of a batch: its balances come last, and a start that began behind its first messages would not know theirs.
      if (end) this.#publishedBatch = end.batchSeq;
      metrics.hopSeconds.observe({ hop: 'outbox' }, Math.max(0, now - committedAtMs) / 1000);
    }
    const waiting = this.#wakeWaiting;
    this.#wakeWaiting = [];
    for (const wake of waiting) wake();
    this.#saving ??= this.#savePublished();
  }

  /** Keeps the position up to date, not more often than needed: being behind only means publishing more again after a crash. */
  async #savePublished(): Promise<void> {
    for (let saved = -1; saved < this.#publishedBatch;) {
      const batch = this.#publishedBatch;
      try {
        await this.#options.store.savePublishedBatch(batch);
        saved = batch;
      } catch (error) {
        this.#options.log.debug({ err: error }, 'publication not recorded');
        if (this.#end.signal.aborted) break;
      }
      await pause(SAVE_EVERY_MS, this.#end.signal);
    }
    this.#saving = undefined;
  }
}

/** Whoever has sent a command waits for what is published here. */
function isUrgent({ topic }: Message): boolean {
  return topic === 'commandOutcomes';
}

function lengthOf(message: Message, kept = 0): number {
  return message.topic === 'commandOutcomes' && message.toldBy !== null ? TOLD_LENGTH : kept;
}
