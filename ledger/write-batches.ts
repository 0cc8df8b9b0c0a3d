import { topics, type TopicKey } from '@trancendos/contracts/topics';
import { nowMs } from '@trancendos/platform/clock';
import type { Received, Verdict } from '@trancendos/platform/consume';
import { metrics } from '@trancendos/platform/metrics';
import { isTransient } from '@trancendos/platform/postgres';
import type { Scope } from '@trancendos/platform/run';
import type pg from 'pg';
import { applyBatch } from './apply-batch.ts';
import type { BatchEffects } from './batch.ts';
import { claimJournal } from './claim-journal.ts';
import { commitBatch, repeatsTransaction } from './commit-batch.ts';
import { findDecided } from './find-decided.ts';
import { inputName, type Input, type Journal } from './journal.ts';
import { emptyState, type LedgerPolicy, type LedgerState } from './ledger-state.ts';
import { loadAccounts } from './load-accounts.ts';
import type { OutcomeRelay } from './relay-outcomes.ts';

export interface WriterOptions {
  /** The writer's own connection: nothing else may wait on it, or hold it up. */
  readonly pool: Pick<pg.Pool, 'query'>;
  readonly relay: Pick<OutcomeRelay, 'room' | 'resume' | 'push' | 'abandon'>;
  readonly policy: LedgerPolicy;
  readonly scope: Pick<Scope, 'fail'>;
  /** Most accounts kept in memory between batches. Default 200,000. */
  readonly accountsMax?: number;
  /** Most transactions remembered as decided, more than two batches' worth; older ones are recognised by the database. Default 100,000. */
  readonly decidedMax?: number;
}

type DecisionMessage = Received<'decisions'>;

/**
 * The one writer of the ledger. Decides each batch in memory and commits it, with the input's offsets, in one call.
 *
 * Whatever goes wrong, memory is discarded and the journal claimed anew before anything else is written: an outcome of a commit that is not
 * known is read, never guessed. Where trying again cannot help (fenced by another writer, a broken invariant) the service is ended.
 */
export class Writer {
  readonly #options: WriterOptions;
  readonly #decidedMax: number;
  readonly #accountsMax: number;
  #held: { journal: Journal; state: LedgerState } | undefined;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: WriterOptions) {
    this.#options = options;
    this.#accountsMax = options.accountsMax ?? 200_000;
    this.#decidedMax = options.decidedMax ?? 100_000;
  }

  /** Claims the journal and says where each input goes on; what was committed and never published is handed to the relay first. */
  startAt(topic: TopicKey, partitions: readonly number[]): Promise<ReadonlyMap<number, bigint>> {
    return this.#inTurn(async () => {
      this.#held = undefined;
      const journal = await claimJournal(this.#options.pool);
      await this.#options.relay.resume(journal.lastSeq);
      this.#held = { journal, state: emptyState(this.#decidedMax, journal.lastSeq, journal.lastTransferSeq) };
      const offsets = partitions.map((partition) => {
        const input = journal.nextOffsets.get(inputName({ topic: topics[topic].name, partition }));
        return [partition, input?.nextOffset] as const;
      });
      return new Map(offsets.filter((entry): entry is [number, bigint] => entry[1] !== undefined));
    });
  }

  /** Commits one batch; waits first while too much is committed and not yet published. */
  async handle(received: readonly DecisionMessage[], signal: AbortSignal): Promise<Verdict[]> {
    await this.#options.relay.room(signal);
    return this.#inTurn(() => this.#write(received));
  }

  /** One claim or batch at a time: a claim in the middle of a commit of ours would fence ourselves. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(work);
    this.#turn = done.catch(() => undefined);
    return done;
  }

  async #write(received: readonly DecisionMessage[]): Promise<Verdict[]> {
    const held = this.#held;
    if (!held) throw new Error('the journal has to be claimed first');
    try {
      const { results } = await this.#commit(held, received);
      return results.map((result): Verdict => (result === 'decided' ? { kind: 'ok' } : { kind: 'drop', reason: 'decided before' }));
    } catch (error) {
      this.#held = undefined;
      if (!isTransient(error)) {
        this.#options.relay.abandon();
        this.#options.scope.fail(error);
      }
      throw error;
    }
  }

  async #commit(held: { journal: Journal; state: LedgerState }, received: readonly DecisionMessage[]): Promise<BatchEffects> {
    const { pool, policy, relay } = this.#options;
    const transactions = received.map(({ value }) => value.transaction);
    const decisions = received.map(({ value, sentAtMs, receivedAtMs }) => ({ decision: value, sentAtMs, receivedAtMs }));
    const inputs = inputsAfter(received);
    let { state } = held;
    for (let attempt = 1; ; attempt++) {
      await loadAccounts(pool, state.accounts, transactions);
      const committedAtMs = nowMs();
      const effects = applyBatch(state, { decisions, committedAtMs }, policy);
      const bodies = effects.outcomes.map((outcome) => JSON.stringify(outcome));
      const calledMs = nowMs();
      try {
        await commitBatch(pool, { journal: held.journal, inputs, effects, bodies });
      } catch (error) {
        if (attempt > 1 || !repeatsTransaction(error)) throw error;
        // A transaction that memory no longer knew: nothing was written, so begin again knowing it.
        state = emptyState(this.#decidedMax, held.journal.lastSeq, held.journal.lastTransferSeq);
        for (const key of await findDecided(pool, transactions)) state.decided.add(key);
        continue;
      }
      this.#held = { journal: advance(held.journal, state, inputs), state };
      relay.push({ effects, bodies, committedAtMs });
      observe(received, effects, calledMs);
      forgetOldest(state, this.#accountsMax);
      return effects;
    }
  }
}

/** Up to where a batch takes each of its inputs. The loop hands over every partition in order, so the last message counts. */
function inputsAfter(received: readonly DecisionMessage[]): Input[] {
  const inputs = new Map<string, Input>();
  for (const { topic: key, partition, offset } of received) {
    const input = { topic: topics[key].name, partition, nextOffset: offset + 1n };
    inputs.set(inputName(input), input);
  }
  return [...inputs.values()];
}

function advance(journal: Journal, state: LedgerState, inputs: readonly Input[]): Journal {
  const nextOffsets = new Map(journal.nextOffsets);
  for (const input of inputs) nextOffsets.set(inputName(input), input);
  return { epoch: journal.epoch, lastSeq: state.lastSeq, lastTransferSeq: state.lastTransferSeq, nextOffsets };
}

/** Keeps memory bounded; what is forgotten is read again when it is needed. A tenth at a time, so that it is seldom done. */
function forgetOldest({ accounts }: LedgerState, accountsMax: number): void {
  if (accounts.size <= accountsMax) return;
  const keep = Math.floor(accountsMax * 0.9);
  for (const id of accounts.keys()) {
    accounts.delete(id);
    if (accounts.size <= keep) return;
  }
}

function observe(received: readonly DecisionMessage[], effects: BatchEffects, calledMs: number): void {
  const committedMs = nowMs();
  metrics.ledgerBatchSize.observe(received.length);
  metrics.ledgerCommitSeconds.observe((committedMs - calledMs) / 1000);
  for (const { sentAtMs, receivedAtMs } of received) {
    metrics.hopSeconds.observe({ hop: 'to_ledger' }, Math.max(0, receivedAtMs - sentAtMs) / 1000);
    metrics.hopSeconds.observe({ hop: 'ledger' }, (committedMs - receivedAtMs) / 1000);
  }
  for (const { action, money, reasons } of effects.outcomes) {
    const reason = reasons[0]?.category === 'ledger' ? reasons[0].code : 'none';
    metrics.ledgerOutcomes.inc({ action, money: money.state, reason });
  }
  const last = effects.outcomes.at(-1);
  if (last) metrics.ledgerSeq.set(last.ledger_seq);
}
