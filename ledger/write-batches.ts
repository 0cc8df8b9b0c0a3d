import { topics, type TopicKey } from '@trancendos/contracts/topics';
import { nowMs } from '@trancendos/platform/clock';
import type { Received, Verdict } from '@trancendos/platform/consume';
import { isTransient } from '@trancendos/platform/postgres';
import type { Scope } from '@trancendos/platform/run';
import { applyBatch } from './apply-batch.ts';
import { repeatsKnown } from './commit-batch.ts';
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

/** What the writer believes while it owns the journal. Replaced, never mended, when anything goes wrong. */
interface Held {
  /** As committed, and as it will be when everything that is built is committed. */
  committed: Journal;
  built: Journal;
  state: LedgerState;
  /** Entries that are looked up one by one, because a commit has shown that memory does not know everything. */
  doubted: number;
}

/** A batch is built while the one before is committed if at least so many entries wait: small ones are better taken together. */
const BUILD_AHEAD_MIN = 100;
const LOST = 'the journal has to be claimed first';
export const CLOCK_INPUT = { topic: 'clock', partition: 0 } as const;

/**
 * The one writer of the ledger. Decides each batch in memory and commits it, with the offsets of its inputs, in one call. What arrives while
 * a commit is under way goes into the next batch, which is built meanwhile where there is enough of it.
 *
 * Whatever goes wrong, memory is discarded and the journal claimed anew before anything else is written: an outcome of a commit that is not
 * known is read, never guessed. Where trying again cannot help (fenced by another writer, a broken invariant) the service is ended.
 */
export class Writer {
  readonly #options: WriterOptions;
  readonly #clock: () => number;
  readonly #batchMax: number;
  #held: Held | undefined;
  #queue: Group[] = [];
  #queued = 0;
  #pumping = false;
  #underWay: { readonly size: number; readonly ended: Promise<void> } | undefined;
  #nextTick = 0n;
  #nextTurn = 0;
  #claiming: Promise<unknown> = Promise.resolve();
  #wake: () => void = () => undefined;

  constructor(options: WriterOptions) {
    this.#options = options;
    this.#clock = options.clock ?? nowMs;
    this.#batchMax = options.batchMax ?? 2_000;
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
    // A commit of ours that is still under way has to end first: it would be fenced by ourselves.
    await this.#underWay?.ended;
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
      if (this.#underWay && this.#queued < Math.max(BUILD_AHEAD_MIN, this.#underWay.size)) {
        await Promise.race([this.#underWay.ended, new Promise<void>((resolve) => (this.#wake = resolve))]);
        continue;
      }
      const groups = this.#take();
      try {
        const pending = await this.#build(held, groups);
        await this.#underWay?.ended;
        if (held !== this.#held) for (const { reject } of groups) reject(new Error(LOST));
        else if (pending) {
          this.#commit(held, pending);
          // A build is one long task. Begun before the commit has left the process, it would keep it here.
          await this.#options.store.sent();
        } else this.#putBack(groups);
      } catch (error) {
        for (const { reject } of groups) reject(error);
        if (held === this.#held) this.#giveUp(error);
      }
    }
    this.#pumping = false;
  }

  /** The groups that waited longest, as many as one commit takes. */
  #take(): Group[] {
    let size = 0;
    const end = this.#queue.findIndex(({ entries }, index) => {
      size += entries.length;
      return index > 0 && size > this.#batchMax;
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
      settled: async () => await this.#underWay?.ended,
    });
    if (held !== this.#held || state !== held.state) return undefined;
    const effects = applyBatch(state, { entries, committedAtMs, takenAtMs }, this.#options.policy);
    const batch = sealBatch(held.built, entries, effects, state);
    held.built = batch.after;
    return { groups, batch, write: this.#options.store.prepare(batch) };
  }

  #commit(held: Held, pending: Pending): void {
    if (pending.batch.before !== held.committed) {
      this.#putBack(pending.groups); // built on a batch that was refused: to be built anew
      return;
    }
    const calledMs = nowMs();
    const ended = pending.write().then(
      () => this.#finish(held, pending, calledMs),
      (error: unknown) => this.#fail(held, pending, error),
    );
    this.#underWay = { size: pending.batch.entries.length, ended };
  }

  #finish(held: Held, { groups, batch }: Pending, calledMs: number): void {
    this.#underWay = undefined;
    held.committed = batch.after;
    held.doubted = Math.max(0, held.doubted - batch.entries.length);
    this.#options.relay.push(batch);
    this.#options.onCommitted?.(batch);
    observeCommit(batch, calledMs);
    let place = 0;
    for (const group of groups) group.resolve(batch.effects.results.slice(place, (place += group.entries.length)));
  }

  #fail(held: Held, { groups, batch }: Pending, error: unknown): void {
    this.#underWay = undefined;
    if (held === this.#held && repeatsKnown(error) && held.doubted === 0) {
      // Nothing of it is written, and the database knows something that memory does not: decide it again, and ask about everything first.
      held.state = this.#stateAt(held.committed);
      held.built = held.committed;
      held.doubted = batch.entries.length + this.#queued + this.#batchMax;
      this.#putBack(groups);
      this.#startPump();
      return;
    }
    for (const { reject } of groups) reject(error);
    if (held === this.#held) this.#giveUp(error);
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
