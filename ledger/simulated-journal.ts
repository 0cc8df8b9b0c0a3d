import type { Entry } from './entry.ts';
import { emptyJournal } from './empty-journal.ts';
import type { Hold } from './hold.ts';
import type { Account } from './account.ts';
import type { DecidedCommand } from './decided-command.ts';
import type { Journal } from './journal.ts';
import type { JournalStore } from './journal-store.ts';
import { transactionKey, type LedgerState, type Reversible } from './ledger-state.ts';
import type { SealedBatch } from './seal-batch.ts';
import { SpendWindow, type Spend } from './spend-window.ts';
import { countsAsSpend } from './move-money.ts';

/** What happens to a call of the database. */
export type Fate = 'works' | 'lost before' | 'lost after';

/** An error as the driver gives it. */
function databaseError(code: string, message: string): Error {
  return Object.assign(new Error(message), { code });
}

/**
 * The database in memory, with the guards that the real one has: epoch, positions, offsets and the hash of the batch before. Every call
 * waits until `turn` lets it go on, and fares as `fate` says, so that a test decides what happens in which order. For tests.
 */
export class SimulatedJournal {
  readonly committed: SealedBatch[] = [];
  readonly #turn: () => Promise<void>;
  readonly #fate: (call: 'claim' | 'load' | 'commit') => Fate;
  #journal: Journal = emptyJournal();
  readonly accounts = new Map<string, Account>();
  readonly holds = new Map<string, Hold>();
  readonly #reversibles = new Map<string, Reversible>();
  readonly #commands = new Map<string, DecidedCommand>();
  readonly #transactions = new Set<string>();
  readonly #spends = new Map<string, Spend[]>();
  /** By epoch and batch: resolves when nothing more comes of it. */
  readonly #ended = new Map<string, Promise<void>>();
  /** Batches that came to their turn before the one they stand on had ended. */
  waited = 0;

  constructor(options: { turn: () => Promise<void>; fate: (call: 'claim' | 'load' | 'commit') => Fate }) {
    this.#turn = options.turn;
    this.#fate = options.fate;
  }

  get journal(): Journal {
    return this.#journal;
  }

  /** A connection of one process. */
  connect(): JournalStore {
    return {
      claim: () => this.#call('claim', () => (this.#journal = { ...this.#journal, epoch: this.#journal.epoch + 1 })),
      readEpoch: () => Promise.resolve(this.#journal.epoch),
      load: (state, entries, { settled }) => this.#load(state, entries, settled),
      prepare: (batch) => () => this.#commitInTurn(batch),
      sent: () => Promise.resolve(),
    };
  }

  async #call<T>(call: 'claim' | 'load' | 'commit', work: () => T | Promise<T>): Promise<T> {
    const fate = this.#fate(call);
    await this.#turn();
    if (fate === 'lost before') throw databaseError('ECONNRESET', 'connection lost');
    const done = await work();
    await this.#turn();
    if (fate === 'lost after') throw databaseError('ECONNRESET', 'connection lost');
    return done;
  }

  /** A batch waits for the one before it, however that ends. */
  #commitInTurn(batch: SealedBatch): Promise<void> {
    const { epoch, lastBatchSeq } = batch.before;
    const before = this.#ended.get(`${epoch}/${lastBatchSeq}`);
    let end: () => void = () => undefined;
    this.#ended.set(`${epoch}/${lastBatchSeq + 1}`, new Promise((resolve) => (end = resolve)));
    const call = this.#call('commit', async () => {
      if (before && this.#journal.lastBatchSeq < lastBatchSeq) this.waited++;
      await before;
      try {
        this.#commit(batch);
      } finally {
        end();
      }
    });
    return call.finally(end);
  }

  #commit(batch: SealedBatch): void {
    const { after, effects } = batch;
    this.#guard(batch);
    for (const hold of effects.holds.values()) this.holds.set(hold.id, hold);
    this.#keepTransfers(batch);
    this.#keepCommands(batch);
    this.#journal = { ...after, epoch: this.#journal.epoch };
    this.committed.push(batch);
  }

  /** What the real one refuses a batch for, in its order; keeps transactions and accounts on the way. */
  #guard({ before, effects, inputs }: SealedBatch): void {
    const held = this.#journal;
    const early = before.epoch === held.epoch && before.lastBatchSeq > held.lastBatchSeq;
    if (early) throw databaseError('40001', 'the batch before is not written');
    const fenced = before.epoch !== held.epoch || before.lastBatchSeq !== held.lastBatchSeq || !before.lastHash.equals(held.lastHash);
    if (fenced) throw databaseError('LG001', 'fenced');
    for (const { topic, partition } of inputs) {
      const name = `${topic}/${partition}`;
      if (before.inputs.get(name)?.nextOffset !== held.inputs.get(name)?.nextOffset) throw databaseError('LG002', `${name} has moved`);
    }
    this.#keepKeys(effects);
  }

  #keepKeys(effects: SealedBatch['effects']): void {
    for (const { merchantId, transactionId } of effects.transactions) {
      const key = transactionKey(merchantId, transactionId);
      if (this.#transactions.has(key)) throw Object.assign(databaseError('23505', 'decided before'), { constraint: 'transactions_pkey' });
      this.#transactions.add(key);
    }
    for (const { before: was, after: account } of effects.accounts.values()) {
      if (this.accounts.get(account.id)?.version !== was?.version) throw databaseError('LG002', `${account.id} is not as remembered`);
      this.accounts.set(account.id, account);
    }
  }

  #keepCommands({ entries, effects }: SealedBatch): void {
    for (const message of effects.messages) {
      if (message.topic !== 'commandOutcomes' || message.ledgerSeq === null) continue;
      const { command_id: id } = message.decided.outcome;
      const entry = entries.find((one) => one.kind === 'command' && one.command.command_id === id);
      if (id !== null && entry?.kind === 'command') this.#commands.set(id, { command: entry.command, outcome: message.decided.outcome });
    }
  }

  #keepTransfers({ effects }: SealedBatch): void {
    for (const { id, kind, debtor, creditor, amountMinor, ledgerSeq, committedAtMs } of effects.transfers) {
      this.#reversibles.set(id, { id, kind, debitId: debtor.id, creditId: creditor.id, amountMinor, reversedMinor: 0n, ledgerSeq });
      if (!countsAsSpend(kind)) continue;
      const spends = this.#spends.get(debtor.id) ?? [];
      this.#spends.set(debtor.id, spends);
      spends.push({ atMs: committedAtMs, amountMinor });
    }
    for (const [id, { reversedMinor, ledgerSeq }] of effects.reversals) {
      const original = this.#reversibles.get(id);
      if (original) this.#reversibles.set(id, { ...original, reversedMinor, ledgerSeq });
    }
  }

  /** Everything that is missing and committed, whether or not it is named: which differs from the real one in speed alone. */
  async #load(state: LedgerState, entries: readonly Entry[], settled: () => Promise<void>): Promise<void> {
    await this.#call('load', () => {
      for (const account of this.accounts.values()) if (!state.accounts.has(account.id)) state.accounts.set(account);
      for (const [id, hold] of this.holds) if (!state.holds.has(id)) state.holds.set(id, hold);
      for (const [id, transfer] of this.#reversibles) {
        if (!state.reversibles.has(id)) state.reversibles.add(id, transfer, { ledgerSeq: 0, madeAtMs: 0 });
      }
      for (const entry of entries) this.#loadDecided(state, entry);
    });
    const isLimited = ({ id, velocity }: Account) => velocity.length > 0 && !state.spends.has(id);
    if (!entries.some(putsUnderLimits) && ![...state.accounts.values()].some(isLimited)) return;
    await settled();
    await this.#call('load', () => {
      for (const id of this.accounts.keys()) if (!state.spends.has(id)) state.spends.set(id, new SpendWindow(this.#spends.get(id)));
    });
  }

  #loadDecided(state: LedgerState, entry: Entry): void {
    if (entry.kind === 'decision') {
      const { merchant_id, transaction_id } = entry.decision.transaction;
      const key = transactionKey(merchant_id, transaction_id);
      if (this.#transactions.has(key)) state.decided.add(key, true, { ledgerSeq: 0, madeAtMs: 0 });
    } else if (entry.kind === 'command') {
      const id = entry.command.command_id;
      const known = this.#commands.get(id);
      if (!known || state.commands.has(id)) return;
      state.commands.add(id, known, { ledgerSeq: 0, madeAtMs: 0 });
      state.decidedCommands.add(id, { ledgerSeq: 0, madeAtMs: 0 });
    }
  }
}

function putsUnderLimits(entry: Entry): boolean {
  return entry.kind === 'command' && 'velocity' in entry.command && entry.command.velocity !== undefined;
}
