import type { Balance } from '@trancendos/contracts/balance';
import type { Outcome } from '@trancendos/contracts/outcome';
import { subjectOf } from '@trancendos/contracts/transaction';
import { nowMs, pause } from '@trancendos/platform/clock';
import type { Logger } from '@trancendos/platform/log';
import { metrics } from '@trancendos/platform/metrics';
import type { Publisher } from '@trancendos/platform/publish';
import type { Resource } from '@trancendos/platform/run';
import type { BatchEffects } from './batch.ts';
import type { OutcomeStore } from './outcome-store.ts';
import { renderBalance } from './render-balance.ts';

export interface RelayOptions {
  /** Used by nobody else: what one call publishes then is one request, and order is kept when it has to be repeated. */
  readonly publisher: Pick<Publisher, 'publish'>;
  readonly store: OutcomeStore;
  readonly log: Logger;
  /** Most outcomes committed and not yet published before the writer has to wait. Default 8,000. */
  readonly queueMax?: number;
}

/** A batch that has just been committed. */
export interface CommittedBatch {
  readonly effects: BatchEffects;
  /** The outcomes' JSON. */
  readonly bodies: readonly string[];
  readonly committedAtMs: number;
}

interface Waiting {
  readonly outcome: Outcome;
  readonly length: number;
  /** At a batch's last outcome: the accounts that the batch changed, which are published after it. */
  readonly balances: readonly Balance[] | undefined;
  readonly committedAtMs: number;
}

/** What one request carries at most: the broker takes up to 1 MB for a partition. */
const GROUP_MAX = 500;
const GROUP_LENGTH_MAX = 400_000;
const RETRY_FIRST_MS = 100;
const RETRY_MOST_MS = 5_000;
const SAVE_EVERY_MS = 100;
const DRAIN_MS = 5_000;

/**
 * Publishes what has been committed, in commit order: outcomes by subject, and the newest balance of every account that changed.
 *
 * From memory while it runs, from the outbox table after a crash or a commit whose fate was unknown. Every outcome is published at least
 * once; a repetition carries the same position and version, by which readers know it.
 */
export class OutcomeRelay implements Resource {
  readonly #options: RelayOptions;
  readonly #queueMax: number;
  readonly #end = new AbortController();
  #queue: Waiting[] = [];
  /** Position of the last outcome that was ever queued here. */
  #queuedSeq = 0;
  #publishing: Promise<void> | undefined;
  #publishedSeq = 0;
  #saving: Promise<void> | undefined;
  #wakeWaiting: (() => void)[] = [];

  constructor(options: RelayOptions) {
    this.#options = options;
    this.#queueMax = options.queueMax ?? 8_000;
  }

  /** Queues what is committed up to `lastSeq` and neither known to be published nor queued here. */
  async resume(lastSeq: number): Promise<void> {
    const { store, log } = this.#options;
    const afterSeq = Math.max(this.#queuedSeq, await store.readPublishedSeq());
    if (afterSeq >= lastSeq) {
      this.#queuedSeq = afterSeq;
      return;
    }
    log.info({ from: afterSeq + 1, to: lastSeq }, 'publishing what was committed and may not have been published');
    const outcomes = await store.readOutcomes(afterSeq, lastSeq);
    const balances = await store.readBalances(afterSeq, lastSeq);
    this.#enqueue(
      outcomes.map(({ outcome, length }) => ({ outcome, length, committedAtMs: Date.parse(outcome.committed_at) })),
      balances,
    );
  }

  /** Queues a batch that has just been committed. */
  push({ effects, bodies, committedAtMs }: CommittedBatch): void {
    const balances = [...effects.accounts.values()].map(({ after }) => renderBalance(after, effects.committedAt));
    const outcomes = effects.outcomes.map((outcome, index) => ({ outcome, length: bodies[index]?.length ?? 0, committedAtMs }));
    this.#enqueue(outcomes, balances);
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
    if (this.#publishing) await Promise.race([this.#publishing, pause(DRAIN_MS, this.#end.signal)]);
    this.#end.abort();
    await this.#saving;
  }

  #enqueue(outcomes: readonly Omit<Waiting, 'balances'>[], balances: readonly Balance[]): void {
    outcomes.forEach((waiting, index) => this.#queue.push({ ...waiting, balances: index === outcomes.length - 1 ? balances : undefined }));
    this.#queuedSeq = this.#queue.at(-1)?.outcome.ledger_seq ?? this.#queuedSeq;
    metrics.outboxOldestSeconds.set(this.oldestSeconds());
    if (this.#queue.length > 0 && !this.#end.signal.aborted) this.#publishing ??= this.#publishAll();
  }

  async #publishAll(): Promise<void> {
    for (let failures = 0; this.#queue.length > 0 && !this.#end.signal.aborted;) {
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
    const sending = group.map(({ outcome, balances }) => {
      const correlationId = outcome.transaction.request_id;
      for (const balance of balances ?? []) newest.set(balance.account_id, { balance, correlationId });
      return publisher.publish('outcomes', subjectOf(outcome.transaction.payer), outcome, correlationId);
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
    for (const { outcome, balances, committedAtMs } of group) {
      // Only at the end of a batch: its balances come last, and a start that began behind its first outcomes would not know theirs.
      if (balances) this.#publishedSeq = outcome.ledger_seq;
      metrics.hopSeconds.observe({ hop: 'outbox' }, Math.max(0, now - committedAtMs) / 1000);
    }
    const waiting = this.#wakeWaiting;
    this.#wakeWaiting = [];
    for (const wake of waiting) wake();
    this.#saving ??= this.#savePublished();
  }

  /** Keeps the position up to date, not more often than needed: being behind only means publishing more again after a crash. */
  async #savePublished(): Promise<void> {
    for (let savedSeq = -1; savedSeq < this.#publishedSeq;) {
      const seq = this.#publishedSeq;
      try {
        await this.#options.store.savePublishedSeq(seq);
        savedSeq = seq;
      } catch (error) {
        this.#options.log.debug({ err: error }, 'publication not recorded');
        if (this.#end.signal.aborted) break;
      }
      await pause(SAVE_EVERY_MS, this.#end.signal);
    }
    this.#saving = undefined;
  }
}
