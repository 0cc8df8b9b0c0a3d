import { topics, type TopicKey } from '@trancendos/contracts/topics';
import { nowMs } from '@trancendos/platform/clock';
import type { Received, Verdict } from '@trancendos/platform/consume';
import { isTransient } from '@trancendos/platform/postgres';
import type { Scope } from '@trancendos/platform/run';
import { applyBatch } from './apply-batch.ts';
import { InvariantError } from './assert-balanced.ts';
import { FENCED, repeatsKnown } from './commit-batch.ts';
import type { Entry, EntryResult } from './entry.ts';
import { forgetCommitted } from './forget-committed.ts';
import { inputName, type Journal } from './journal.ts';
import type { JournalStore } from './journal-store.ts';
import { emptyState, type LedgerPolicy, type LedgerState } from './ledger-state.ts';
import { observeCommit } from './observe-commit.ts';
import type { OutcomeRelay } from './relay-outcomes.ts';
import { sealBatch, type SealedBatch } from './seal-batch.ts';

export interface WriterOptions {
  readonly store: JournalStore;
  readonly relay: Pick<OutcomeRelay, 'room' | 'resume' | 'push' | 'abandon'>;
  readonly policy: LedgerPolicy;
  readonly scope: Pick<Scope, 'fail'>;
  /** Told of every batch that is committed, in order. */
  readonly onCommitted?: (batch: SealedBatch) => void;
  readonly clock?: () => number;
  /** Most entries in one commit, unless more are handed over at once. Default 2,000. */
  readonly batchMax?: number;
  /** Most accounts kept in memory between batches, and most holds and transfers. Default 200,000. */
  readonly keptMax?: number;
  /** Most transactions, and most commands, remembered as decided; older ones are looked up. Default 50,000. */
  readonly decidedMax?: number;
  /** Entries that have to wait before a batch is built while others are under way: few are better taken together. Default 100. */
  readonly aheadMin?: number;
}

/** Entries that were handed over together, and whoever waits for them. */
interface Group {
  /** Its turn: groups that come back take their old place. */
  readonly turn: number;
  readonly entries: readonly Entry[];
  readonly resolve: (results: readonly EntryResult[]) => void;
  readonly reject: (error: unknown) => void;
}

/** A batch on its way into the journal. */
interface Pending {
  readonly groups: readonly Group[];
  readonly batch: SealedBatch;
  readonly write: () => Promise<void>;
}

/** A batch that is being written. */
interface UnderWay {
  readonly size: number;
  /** Resolves when it is known what became of it and of those before it, and whoever waits has been told. */
  readonly ended: Promise<void>;
}

/** What the writer believes while it owns the journal. Replaced, never mended, when anything goes wrong. */
interface Held {
  /** As committed, and as it will be when everything that is built is committed. */
  committed: Journal;
  built: Journal;
  state: LedgerState;
  /** Entries that are looked up one by one, because a commit has shown that memory does not know everything. */
  doubted: number;
}

/** Most batches that are written at once: while one waits for the disk, the next is inserted. */
export const UNDER_WAY_MAX = 2;
const LOST = 'the journal has to be claimed first';
export const CLOCK_INPUT = { topic: 'clock', partition: 0 } as const;

/**
 * The one writer of the ledger. Decides each batch in memory and commits it, with the offsets of its inputs, in one call. What arrives while
 * a commit is under way goes into the next batch, which is built meanwhile where there is enough of it, and sent after it without waiting
 * for its answer. They are committed in order all the same, and answered in order.
 *
 * Whatever goes wrong, memory is discarded and the journal claimed anew before anything else is written: an outcome of a commit that is not
 * known is read, never guessed. Where trying again cannot help (fenced by another writer, a broken invariant) the service is ended.
 */
export class Writer {
  readonly #options: WriterOptions;
  readonly #clock: () => number;
  readonly #batchMax: number;
  readonly #aheadMin: number;
  #held: Held | undefined;
  #queue: Group[] = [];
  #queued = 0;
  #pumping = false;
  /** In the order in which they were sent. */
  readonly #underWay: UnderWay[] = [];
  #nextTick = 0n;
  #nextTurn = 0;
  #claiming: Promise<unknown> = Promise.resolve();
  #wake: () => void = () => undefined;

  constructor(options: WriterOptions) {
    this.#options = options;
    this.#clock = options.clock ?? nowMs;
    this.#batchMax = options.batchMax ?? 2_000;
    this.#aheadMin = options.aheadMin ?? 100;
  }

  /**
   * Claims the journal and says where each partition of the input goes on; what was committed and never published is handed to the relay
   * first. What is still queued is refused: whoever handed it over will be given it again.
   */
  startAt(topic: TopicKey, partitions: readonly number[]): Promise<ReadonlyMap<number, bigint>> {
    const claimed = this.#claiming.then(() => this.#claim());
    this.#claiming = claimed.catch(() => undefined);
    return claimed.then(({ inputs }) => {
      const offsets = new Map<number, bigint>();
      for (const partition of partitions) {
        const input = inputs.get(inputName({ topic: topics[topic].name, partition }));
        if (input) offsets.set(partition, input.nextOffset);
      }
      return offsets;
    });
  }

  /** Commits messages; waits first while too much is committed and not yet published. */
  async handle(received: readonly Received<'decisions' | 'ledgerCommands'>[], signal: AbortSignal): Promise<Verdict[]> {
    await this.#options.relay.room(signal);
    const results = await this.submit(received.map(entryOf));
    return results.map((result): Verdict => (result === 'decided' ? { kind: 'ok' } : { kind: 'drop', reason: 'decided before' }));
  }

  /** Lets holds fall to their policy that are due by now; those that are not stay as they are. False where none has fallen. */
  async expire(holdIds: readonly string[]): Promise<boolean> {
    const [result] = await this.submit([{ kind: 'expiry', origin: { ...CLOCK_INPUT, offset: this.#nextTick++ }, holdIds }]);
    return result === 'decided';
  }

  /** Resolves with what became of the entries when they are committed. They are decided in the order of the calls. */
  submit(entries: readonly Entry[]): Promise<readonly EntryResult[]> {
    if (!this.#held) return Promise.reject(new Error(LOST));
    return new Promise((resolve, reject) => {
      this.#queue.push({ turn: this.#nextTurn++, entries, resolve, reject });
      this.#queued += entries.length;
      this.#wake();
      this.#startPump();
    });
  }

  async #claim(): Promise<Journal> {
    this.#lose(new Error(LOST));
    // Commits of ours that are still under way have to end first: they would be fenced by ourselves.
    await this.#settled();
    const journal = await this.#options.store.claim();
    await this.#options.relay.resume(journal.lastBatchSeq);
    this.#nextTick = journal.inputs.get(inputName(CLOCK_INPUT))?.nextOffset ?? 0n;
    this.#held = { committed: journal, built: journal, state: this.#stateAt(journal), doubted: 0 };
    return journal;
  }

  /** A memory that knows of nothing decided, so that everything is looked up that was made before now, or before the newest id there is. */
  #stateAt(journal: Journal): LedgerState {
    const knowsFromMs = Math.max(this.#clock(), journal.newestIdMs);
    return emptyState({ ...journal, decidedMax: this.#options.decidedMax ?? 50_000, knowsFromMs });
  }

  #startPump(): void {
    if (this.#pumping) return;
    this.#pumping = true;
    void this.#pump();
  }

  /** Builds and commits until nothing waits. Never rejects: what goes wrong is told to whoever waits for it. */
  async #pump(): Promise<void> {
    for (let held = this.#held; held && this.#queue.length > 0; held = this.#held) {
      const [first] = this.#underWay;
      if (first && !this.#buildsAhead(held)) {
        await Promise.race([first.ended, new Promise<void>((resolve) => (this.#wake = resolve))]);
        continue;
      }
      await this.#writeNext(held, this.#take());
    }
    this.#pumping = false;
  }

  /** Builds a batch of the groups and sends it, when there is room for one more under way. */
  async #writeNext(held: Held, groups: readonly Group[]): Promise<void> {
    try {
      const pending = await this.#build(held, groups);
      while (this.#underWay.length >= UNDER_WAY_MAX) await this.#underWay[0]?.ended;
      if (held !== this.#held) for (const { reject } of groups) reject(new Error(LOST));
      else if (pending && held.built === pending.batch.after) {
        this.#commit(held, pending);
        // A build is one long task. Begun before the commit has left the process, it would keep it here.
        await this.#options.store.sent();
      } else this.#putBack(groups); // built on a batch that was refused
    } catch (thrown) {
      const error = await this.#explain(held, thrown);
      for (const { reject } of groups) reject(error);
      if (held === this.#held) this.#giveUp(error);
    }
  }

  /** Whether enough waits to build a batch while others are under way. Not while one of them stands on a batch that was refused. */
  #buildsAhead({ built, committed }: Held): boolean {
    return built !== committed && this.#queued >= this.#share();
  }

  /** Resolves when nothing is under way of what is now. */
  async #settled(): Promise<void> {
    await this.#underWay.at(-1)?.ended;
  }

  /**
   * Most entries that the next batch takes: a part of all that is not committed, so that one can be built while others are written; but not
   * so few that what every batch costs weighs more.
   */
  #share(): number {
    const open = this.#queued + this.#underWaySize();
    return Math.min(this.#batchMax, Math.max(this.#aheadMin, Math.ceil(open / (UNDER_WAY_MAX + 1))));
  }

  #underWaySize(): number {
    return this.#underWay.reduce((sum, { size }) => sum + size, 0);
  }

  /** The groups that waited longest, as many as the next batch takes. */
  #take(): Group[] {
    const sizeMax = this.#share();
    let size = 0;
    const end = this.#queue.findIndex(({ entries }, index) => {
      size += entries.length;
      return index > 0 && size > sizeMax;
    });
    const groups = this.#queue.splice(0, end === -1 ? this.#queue.length : end);
    for (const { entries } of groups) this.#queued -= entries.length;
    return groups;
  }

  #putBack(groups: readonly Group[]): void {
    this.#queue = [...groups, ...this.#queue].sort((a, b) => a.turn - b.turn);
    for (const { entries } of groups) this.#queued += entries.length;
  }

  /** Undefined where the state that it was built on was given up meanwhile, and the groups have to come again. */
  async #build(held: Held, groups: readonly Group[]): Promise<Pending | undefined> {
    const entries = groups.length === 1 && groups[0] ? groups[0].entries : groups.flatMap((group) => group.entries);
    const { state } = held;
    const takenAtMs = this.#clock();
    const committedAtMs = Math.max(Math.floor(takenAtMs), held.built.lastCommittedAtMs);
    // Before anything is loaded and not later: what this batch finds in memory has to stay there until it is applied.
    forgetCommitted(state, held.committed.lastSeq, this.#options.keptMax ?? 200_000);
    await this.#options.store.load(state, entries, {
      atMs: committedAtMs,
      doubt: held.doubted > 0,
      settled: () => this.#settled(),
    });
    if (held !== this.#held || state !== held.state) return undefined;
    const effects = applyBatch(state, { entries, committedAtMs, takenAtMs }, this.#options.policy);
    const batch = sealBatch(held.built, entries, effects, state);
    held.built = batch.after;
    return { groups, batch, write: this.#options.store.prepare(batch) };
  }

  #commit(held: Held, pending: Pending): void {
    const calledMs = nowMs();
    const written = pending.write().then(
      () => undefined,
      (error: unknown) => ({ error }),
    );
    // In order, whichever answer comes first: what is committed is told in the order of the journal.
    const ended = Promise.all([written, this.#settled()]).then(([failed]) => {
      this.#underWay.shift();
      if (failed) this.#fail(held, pending, failed.error);
      // That it is written says that the one before is too; but nobody has been told of that one.
      else if (pending.batch.before !== held.committed) this.#fail(held, pending, new Error(LOST));
      else this.#finish(held, pending, calledMs);
    });
    this.#underWay.push({ size: pending.batch.entries.length, ended });
  }

  #finish(held: Held, { groups, batch }: Pending, calledMs: number): void {
    held.committed = batch.after;
    held.doubted = Math.max(0, held.doubted - batch.entries.length);
    this.#options.relay.push(batch);
    this.#options.onCommitted?.(batch);
    observeCommit(batch, calledMs);
    let place = 0;
    for (const group of groups) group.resolve(batch.effects.results.slice(place, (place += group.entries.length)));
  }

  #fail(held: Held, { groups, batch }: Pending, error: unknown): void {
    const standsOnRefused = batch.before !== held.committed;
    if (held === this.#held && (standsOnRefused || (repeatsKnown(error) && held.doubted === 0))) {
      // Nothing of it is written. Where the database knows something that memory does not, all is decided again, after asking about all.
      if (!standsOnRefused) this.#doubt(held, batch.entries.length);
      this.#putBack(groups);
      this.#startPump();
      return;
    }
    for (const { reject } of groups) reject(error);
    if (held === this.#held) this.#giveUp(error);
  }

  /** A writer that is fenced may have read what its successor wrote, beside what it remembers: that is no contradiction of the ledger. */
  async #explain({ committed }: Held, error: unknown): Promise<unknown> {
    if (!(error instanceof InvariantError)) return error;
    const epoch = await this.#options.store.readEpoch().catch(() => committed.epoch);
    if (epoch === committed.epoch) return error;
    return Object.assign(new Error(`fenced: the journal belongs to another writer than epoch ${committed.epoch}`), { code: FENCED });
  }

  #doubt(held: Held, refused: number): void {
    held.state = this.#stateAt(held.committed);
    held.built = held.committed;
    held.doubted = refused + this.#underWaySize() + this.#queued + this.#batchMax;
  }

  /** Ends what cannot be mended, and leaves the rest to the next claim. */
  #giveUp(error: unknown): void {
    this.#lose(error);
    if (isTransient(error)) return;
    this.#options.relay.abandon();
    this.#options.scope.fail(error);
  }

  #lose(error: unknown): void {
    this.#held = undefined;
    const groups = this.#queue;
    this.#queue = [];
    this.#queued = 0;
    for (const { reject } of groups) reject(error);
    this.#wake();
  }
}

function entryOf(received: Received<'decisions' | 'ledgerCommands'>): Entry {
  const { partition, offset, sentAtMs, receivedAtMs } = received;
  const origin = { topic: topics[received.topic].name, partition, offset };
  if (received.topic === 'decisions') return { kind: 'decision', origin, decision: received.value, sentAtMs, receivedAtMs };
  const { value: command, key, correlationId } = received;
  return { kind: 'command', origin, command, key, correlationId, receivedAtMs };
}
