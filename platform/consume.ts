import { topics, type MessageOf, type TopicKey } from '@trancendos/contracts/topics';
import type { Consumer, EachBatchPayload } from 'kafkajs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { nowMs, pause } from './clock.ts';
import type { EventLog } from './event-log.ts';
import { InboxQueue, type Entry } from './inbox-queue.ts';
import type { Logger } from './log.ts';
import { metrics } from './metrics.ts';
import { parseMessage, type Recall } from './parse-message.ts';
import type { Publisher } from './publish.ts';
import { prepareReading } from './read-message.ts';
import type { Resource, Scope } from './run.ts';
import { setAside } from './set-aside.ts';
import { traceBatch } from './trace-batch.ts';
import { showZeros } from './show-zeros.ts';

/** A message that fits its topic's schema. `offset` counts from 0 within its partition. */
export type Received<K extends TopicKey = TopicKey> = {
  [T in K]: {
    readonly topic: T;
    readonly partition: number;
    readonly offset: bigint;
    readonly key: string;
    readonly value: MessageOf<T>;
    /** Id of the request that it follows from. */
    readonly correlationId: string;
    /** When its producer handed it over, by that machine's clock. */
    readonly sentAtMs: number;
    readonly receivedAtMs: number;
    /** Of the span that published it, where traces are recorded. */
    readonly traceparent?: string;
  };
}[K];

/**
 * What became of one message. `ok`: done. `drop`: a known duplicate. `reject`: no retry can mend it, so it is set aside as a dead letter.
 * A dependency that is away is none of these: the handler throws, and the batch is tried again.
 */
export type Verdict =
  { readonly kind: 'ok' } | { readonly kind: 'drop'; readonly reason: string } | { readonly kind: 'reject'; readonly detail: string };

export interface ConsumeOptions<K extends TopicKey> {
  readonly eventLog: Pick<EventLog, 'openConsumer'>;
  /** For dead letters. */
  readonly publisher: Publisher;
  readonly scope: Pick<Scope, 'log' | 'fail'>;
  readonly group: string;
  readonly topics: readonly K[];
  /** Most messages in one batch. */
  readonly batchMax: number;
  /** For a consumer that nobody waits for by the millisecond: messages are fetched as often only. Default: each as soon as it is there. */
  readonly gatherMs?: number;
  /**
   * Handles what arrived while the last batch was handled, over all topics and partitions, in the order of each partition; one verdict a
   * message. `signal` is aborted when the service stops.
   */
  readonly handle: (batch: readonly Received<K>[], signal: AbortSignal) => Promise<readonly Verdict[]>;
  /**
   * For a consumer that keeps its offsets itself: the next offset of each of `partitions`, asked at every assignment and after every
   * failure. Partitions that are left out begin at the first message kept. The broker's offsets are then advisory.
   */
  readonly startAt?: (topic: K, partitions: readonly number[]) => Promise<ReadonlyMap<number, bigint>>;
  /**
   * Most batches handed over before the first of them is done, for a handler that works on several at a time; they are settled in order.
   * Default 1. Only with `startAt`: a failure then gives up all of them.
   */
  readonly aheadMax?: number;
  /** Called with every message as soon as it is fetched, again where it is fetched again: for what need not wait for its turn in a batch. */
  readonly onFetched?: (received: Received<K>) => void;
  /** Saves reading messages again whose very text has come another way before. */
  readonly recall?: Recall<K>;
  /** Told of every assignment before it is positioned, also of one without partitions. */
  readonly onAssigned?: (assignment: ReadonlyMap<K, readonly number[]>) => void;
  /** A batch, or a group, that fails for longer than this ends the service, for its supervisor to start it afresh. Default 5 minutes. */
  readonly giveUpAfterMs?: number;
}

export interface Consumption extends Resource {
  /** True once the group has given this member its partitions and they are positioned. */
  assigned(): boolean;
}

/** Of one fetch, lest it hold up all else. Not a number of messages: where turns of the event loop are long, that is a limit to their rate. */
const READ_AT_ONCE_MS = 4;
const COMMIT_EVERY_MS = 500; // a commit costs the broker as much as a fetch, and what is read again after a crash is recognised
const RETRY_FIRST_MS = 100;
const RETRY_MOST_MS = 5_000;
const REJOIN_AFTER_MS = 500;

/**
 * The one loop by which services read the event log: fetch, parse, hand over in batches, set aside what cannot be mended, commit.
 * At-least-once: offsets are committed after the work, so a handler recognises what it has already done.
 */
export async function consume<K extends TopicKey>(options: ConsumeOptions<K>): Promise<Consumption> {
  const consumption = new ConsumeLoop(options);
  await consumption.start();
  return consumption;
}

class ConsumeLoop<K extends TopicKey> implements Consumption {
  readonly #options: ConsumeOptions<K>;
  readonly #log: Logger;
  /** Of the driver; another one after each `#join`. */
  #consumer: Consumer | undefined;
  readonly #inbox: InboxQueue<Received<K>>;
  readonly #abort = new AbortController();
  readonly #giveUpAfterMs: number;
  readonly #topicOfName: ReadonlyMap<string, K>;
  /** Changes with every assignment and every repositioning: what was fetched before belongs to nobody. */
  #generation = 0;
  #positioned: Promise<void> | undefined;
  #assigned = false;
  #assignment: Record<string, number[]> = {};
  #failingSinceMs: number | undefined;
  #failures = 0;
  /** Per `topic/partition`: the end of the log as the last fetch saw it, and the next offset that is not handled. */
  readonly #highWater = new Map<string, { topic: K; partition: number; next: bigint }>();
  readonly #handled = new Map<string, bigint>();
  #uncommitted = new Map<string, { topic: string; partition: number; offset: string }>();
  #lastCommitMs = 0;
  /** Since when the group has been without this member because the driver gave it up. */
  #lostSinceMs: number | undefined;
  #working: Promise<void> | undefined;
  #lagTimer: NodeJS.Timeout | undefined;

  constructor(options: ConsumeOptions<K>) {
    this.#options = options;
    this.#giveUpAfterMs = options.giveUpAfterMs ?? 300_000;
    this.#log = options.scope.log.child({ group: options.group });
    this.#inbox = new InboxQueue(options.batchMax * 2);
    this.#topicOfName = new Map(options.topics.map((key) => [topics[key].name, key]));
  }

  async start(): Promise<void> {
    showZeros(this.#options.group, this.#options.topics);
    for (const topic of this.#options.topics) prepareReading(topic);
    await this.#join();
    this.#lagTimer = setInterval(() => this.#observeLag(), 1_000).unref();
    this.#working = this.#work().catch((error: unknown) => this.#options.scope.fail(error));
  }

  assigned(): boolean {
    return this.#assigned;
  }

  async stop(): Promise<void> {
    this.#abort.abort();
    clearInterval(this.#lagTimer);
    this.#inbox.close();
    await this.#working;
    await this.#commit();
    await this.#consumer?.disconnect();
  }

  #stopping(): boolean {
    return this.#abort.signal.aborted;
  }

  async #join(): Promise<void> {
    const consumer = this.#options.eventLog.openConsumer(this.#options.group, this.#options.gatherMs);
    this.#consumer = consumer;
    consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => this.#onAssigned(payload.memberAssignment));
    consumer.on(consumer.events.REBALANCING, () => this.#onUnassigned());
    consumer.on(consumer.events.CRASH, ({ payload }) => {
      this.#onUnassigned();
      if (!payload.restart) void this.#rejoin(payload.error);
    });
    await consumer.connect();
    await consumer.subscribe({ topics: [...this.#topicOfName.keys()], fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: 8,
      eachBatch: (payload) => this.#onFetched(payload),
    });
  }

  /**
   * Joins the group by a new consumer of the driver. It takes some errors for final that end by themselves, as when no coordinator is found
   * while a broker is coming back; for a service that answers requests, ending would turn a broker that is away into refused connections.
   */
  async #rejoin(cause: unknown): Promise<void> {
    this.#lostSinceMs ??= nowMs();
    if (nowMs() - this.#lostSinceMs > this.#giveUpAfterMs) {
      this.#options.scope.fail(cause);
      return;
    }
    this.#log.warn({ err: cause }, 'the driver gave the consumer up; joining the group anew');
    await pause(REJOIN_AFTER_MS, this.#abort.signal);
    if (this.#stopping()) return;
    await this.#join().catch((error: unknown) => this.#rejoin(error));
    if (this.#stopping()) await this.#consumer?.disconnect(); // `stop` has disconnected the one before
  }

  #onAssigned(assignment: Record<string, number[]>): void {
    this.#generation++;
    this.#lostSinceMs = undefined;
    this.#inbox.clear();
    this.#uncommitted.clear();
    this.#options.onAssigned?.(this.#partitionsOf(assignment));
    this.#positioned = this.#position(assignment);
    this.#positioned.catch((error: unknown) => this.#options.scope.fail(error));
  }

  #partitionsOf(assignment: Record<string, number[]>): Map<K, readonly number[]> {
    return new Map([...this.#topicOfName].map(([name, topic]) => [topic, assignment[name] ?? []]));
  }

  #onUnassigned(): void {
    this.#generation++;
    this.#assigned = false;
    this.#inbox.clear();
  }

  async #position(assignment: Record<string, number[]>): Promise<void> {
    const { startAt } = this.#options;
    this.#assignment = assignment;
    const generation = this.#generation;
    for (const [name, partitions] of Object.entries(assignment)) {
      const topic = this.#topicOfName.get(name);
      if (topic === undefined || !startAt) continue;
      const offsets = await this.#untilItWorks(() => startAt(topic, partitions));
      if (generation !== this.#generation || this.#stopping()) return; // a later answer holds
      for (const partition of partitions) {
        this.#consumer?.seek({ topic: name, partition, offset: String(offsets?.get(partition) ?? '-2') });
      }
    }
    this.#assigned = true;
  }

  async #onFetched(fetched: EachBatchPayload): Promise<void> {
    const { batch } = fetched;
    const topic = this.#topicOfName.get(batch.topic);
    const generation = this.#generation;
    const overtaken = () => generation !== this.#generation || this.#stopping();
    await this.#positioned;
    if (topic === undefined || fetched.isStale() || !fetched.isRunning() || overtaken()) return;
    const slot = `${topic}/${batch.partition}`;
    this.#highWater.set(slot, { topic, partition: batch.partition, next: BigInt(batch.highWatermark) });
    if (!this.#handled.has(slot)) this.#handled.set(slot, BigInt(batch.firstOffset() ?? batch.highWatermark));
    const receivedAtMs = nowMs();
    let turnedMs = receivedAtMs;
    for (const message of batch.messages) {
      if (nowMs() - turnedMs > READ_AT_ONCE_MS) turnedMs = await nextTurn().then(nowMs);
      while (this.#inbox.full() && !overtaken()) {
        await Promise.race([this.#inbox.drained(), pause(1_000, this.#abort.signal)]);
        await fetched.heartbeat();
      }
      if (overtaken()) return; // not resolved: whoever owns the partition now fetches it again
      this.#takeIn(parseMessage<K>({ topic, partition: batch.partition, message, receivedAtMs }, this.#options.recall));
    }
    fetched.resolveOffset(batch.lastOffset());
  }

  #takeIn(entry: Entry<Received<K>>): void {
    if (entry.kind === 'message') this.#options.onFetched?.(entry.message);
    this.#inbox.push(entry);
  }

  async #work(): Promise<void> {
    const { batchMax, aheadMax = 1 } = this.#options;
    const underWay: Promise<void>[] = [];
    for (;;) {
      const entries = await this.#inbox.take(batchMax);
      if (entries === undefined) break;
      const settling = this.#settle(entries, underWay.at(-1));
      settling.catch(() => undefined); // whoever waits for it, here or below, is told
      underWay.push(settling);
      if (underWay.length >= aheadMax) await underWay.shift();
    }
    await Promise.all(underWay);
  }

  /** Handles one batch; what follows from it waits until that is done for `earlier`, so that offsets are noted in order. */
  async #settle(entries: readonly Entry<Received<K>>[], earlier: Promise<void> | undefined): Promise<void> {
    const generation = this.#generation;
    const endTimer = metrics.consumeSeconds.startTimer({ group: this.#options.group });
    const processing = this.#process(entries, generation).finally(endTimer);
    processing.catch(() => undefined); // it is looked at below, when the earlier one has ended
    await earlier;
    const done = await processing;
    this.#inbox.settle();
    if (done && generation === this.#generation) this.#noteDone(entries);
    if (nowMs() - this.#lastCommitMs >= COMMIT_EVERY_MS) void this.#commit();
  }

  /** Handles one batch, trying again for as long as something it needs is away. False when it was given up to be fetched again. */
  async #process(entries: readonly Entry<Received<K>>[], generation: number): Promise<boolean> {
    const received = entries.flatMap((entry) => (entry.kind === 'message' ? [entry.message] : []));
    const verdicts = await (this.#options.startAt
      ? this.#handleOrReposition(received, generation)
      : this.#untilItWorks(() => (generation === this.#generation ? this.#handle(received) : Promise.resolve(undefined))));
    if (verdicts === undefined) return false;
    const isSetAside = await this.#untilItWorks(async () => {
      if (generation !== this.#generation) return false;
      await setAside(entries, verdicts, { publisher: this.#options.publisher, group: this.#options.group, log: this.#log });
      return true;
    });
    if (!isSetAside) return false; // a dead letter may be missing, so the batch must come again
    this.#failures = 0;
    this.#failingSinceMs = undefined;
    this.#count(entries, verdicts);
    return true;
  }

  async #handle(received: readonly Received<K>[]): Promise<readonly Verdict[]> {
    const endSpans = traceBatch(this.#options.group, received);
    const handling = received.length > 0 ? this.#options.handle(received, this.#abort.signal) : Promise.resolve([]);
    const verdicts = await handling.finally(endSpans);
    if (verdicts.length !== received.length) throw new Error(`${verdicts.length} verdicts for ${received.length} messages`);
    return verdicts;
  }

  async #handleOrReposition(received: readonly Received<K>[], generation: number): Promise<readonly Verdict[] | undefined> {
    try {
      return await this.#handle(received);
    } catch (error) {
      if (generation === this.#generation) this.#reposition(error); // otherwise an assignment has positioned already
      return undefined;
    }
  }

  /**
   * After a failure a consumer that keeps its own offsets asks for them again: part of the batch may have been done. Throws `error` when
   * that has gone on for too long: nothing may be read any more, because what was fetched has been let go.
   */
  #reposition(error: unknown): void {
    if (this.#stopping()) return;
    const assignment = this.#assignment;
    this.#inbox.clear();
    const generation = ++this.#generation;
    this.#failingSinceMs ??= nowMs();
    if (nowMs() - this.#failingSinceMs > this.#giveUpAfterMs) throw error;
    this.#log.warn({ err: error }, 'batch failed; going back to the last kept offsets');
    metrics.consumeRetries.inc({ group: this.#options.group });
    const delayMs = Math.min(RETRY_FIRST_MS * 2 ** this.#failures++, RETRY_MOST_MS);
    this.#positioned = pause(delayMs, this.#abort.signal).then(async () => {
      if (generation === this.#generation && !this.#stopping()) await this.#position(assignment);
    });
    this.#positioned.catch((positionError: unknown) => this.#options.scope.fail(positionError));
  }

  #count(entries: readonly Entry<Received<K>>[], verdicts: readonly Verdict[]): void {
    const { group } = this.#options;
    metrics.consumeBatchSize.observe({ group }, entries.length);
    let index = 0;
    for (const entry of entries) {
      const verdict = entry.kind === 'message' ? (verdicts[index++]?.kind ?? 'ok') : entry.kind;
      metrics.consumed.inc({ group, topic: entry.origin.topic, verdict });
    }
  }

  #noteDone(entries: readonly Entry<Received<K>>[]): void {
    for (const { origin } of entries) {
      const slot = `${origin.topic}/${origin.partition}`;
      this.#handled.set(slot, origin.offset + 1n);
      this.#uncommitted.set(slot, { topic: topics[origin.topic].name, partition: origin.partition, offset: String(origin.offset + 1n) });
    }
  }

  async #commit(): Promise<void> {
    this.#lastCommitMs = nowMs();
    if (this.#uncommitted.size === 0) return;
    const offsets = [...this.#uncommitted.values()];
    this.#uncommitted.clear();
    try {
      await this.#consumer?.commitOffsets(offsets);
    } catch (error) {
      // Whoever owns the partitions now begins at the last commit and recognises what is done; nothing is lost.
      this.#log.debug({ err: error }, 'offsets not committed');
    }
  }

  async #untilItWorks<T>(work: () => Promise<T>): Promise<T | undefined> {
    const startedMs = nowMs();
    for (let delayMs = RETRY_FIRST_MS; ; delayMs = Math.min(delayMs * 2, RETRY_MOST_MS)) {
      try {
        return await work();
      } catch (error) {
        if (this.#stopping()) return undefined;
        if (nowMs() - startedMs > this.#giveUpAfterMs) throw error;
        this.#log.warn({ err: error, retryInMs: delayMs }, 'could not be handled yet');
        metrics.consumeRetries.inc({ group: this.#options.group });
        await pause(delayMs, this.#abort.signal);
        if (this.#stopping()) return undefined;
      }
    }
  }

  #observeLag(): void {
    for (const [slot, { topic, partition, next }] of this.#highWater) {
      metrics.lagMessages.set({ group: this.#options.group, topic, partition }, Number(next - (this.#handled.get(slot) ?? 0n)));
    }
    const oldestMs = this.#inbox.oldestSentAtMs();
    metrics.lagSeconds.set({ group: this.#options.group }, oldestMs === undefined ? 0 : Math.max(0, nowMs() - oldestMs) / 1000);
    if (nowMs() - this.#lastCommitMs >= COMMIT_EVERY_MS) void this.#commit();
  }
}
