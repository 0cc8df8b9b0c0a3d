import { describe, expect, test } from '@jest/globals';
import { topics } from '@trancendos/contracts/topics';
import { applyBatch } from './apply-batch.ts';
import type { Entry } from './entry.ts';
import { emptyState, type LedgerState } from './ledger-state.ts';
import { TEST_POLICY } from './open-test-ledger.ts';
import { RandomWorkload, seededRandom, type Planned } from './random-workload.ts';
import { replayNaively } from './replay-naively.ts';
import { SAMPLE_AT_MS } from './sample-decision.ts';
import type { SealedBatch } from './seal-batch.ts';
import { SimulatedJournal, type Fate } from './simulated-journal.ts';
import { Writer } from './write-batches.ts';

/** One process: a writer and where it reads on. It claims, takes batches and dies as the simulation says. */
interface Process {
  readonly writer: Writer;
  next: number;
  underWay: number;
  /** Fenced, or at odds with the journal: it ends, and another one is started in its place. */
  dead: boolean;
  claimed: boolean;
}

/**
 * Two processes, a log, a database and a clock, with everything that happens between them drawn from one seed: which call goes on next,
 * which connection breaks before or after its commit, who claims the journal from whom, what is delivered again and in which pieces, and
 * where the clock jumps to.
 */
class Simulation {
  readonly #random: () => number;
  readonly #log: readonly Planned[];
  #faulty = true;
  #waiting: (() => void)[] = [];
  #nowMs = SAMPLE_AT_MS;
  readonly journal: SimulatedJournal;
  readonly published: SealedBatch[] = [];
  readonly #processes: Process[] = [];
  claims = 0;
  fenced = 0;
  readonly failures: unknown[] = [];

  constructor(seed: number, count: number) {
    this.#random = seededRandom(seed);
    this.#log = new RandomWorkload(seed).take(count);
    this.journal = new SimulatedJournal({
      turn: () => new Promise((resolve) => this.#waiting.push(resolve)),
      fate: (call) => this.#fate(call),
    });
    this.#processes = [this.#start(), this.#start()];
  }

  async run(): Promise<void> {
    for (let step = 0; step < 100_000 && !this.#isDone(); step++) {
      if (step === 3_000) this.#faulty = false; // whatever has happened by then, it must come to an end without help
      await this.#step();
    }
    if (!this.#isDone()) throw new Error('the log was not taken in');
    this.#faulty = false;
    // Whoever comes next publishes what the last commit left unpublished, should its answer have been lost.
    const last = this.#start();
    this.#processes[0] = last;
    this.#claim(last);
    while (last.underWay > 0) await this.#step();
  }

  async #step(): Promise<void> {
    const draw = this.#random();
    const jumpMs = draw < 0.02 && this.#faulty ? (this.#random() - 0.5) * 10_000_000 : this.#random() * 20;
    // Not before the ids of the commands were made, which would be refused for coming from the future.
    this.#nowMs = Math.max(SAMPLE_AT_MS, Math.floor(this.#nowMs + jumpMs));
    const index = this.#faulty ? Math.floor(this.#random() * 2) : 0;
    const process = this.#processes[index];
    if (process && draw < 0.5) this.#act(process, index);
    else if (this.#waiting.length > 0) this.#waiting.splice(Math.floor(this.#random() * this.#waiting.length), 1)[0]?.();
    // Everything that follows from this by itself happens now, whatever it is, before the next step is drawn.
    for (let turn = 0; turn < 20; turn++) await Promise.resolve();
  }

  #act(process: Process, index: number): void {
    if (process.dead) {
      this.#processes[index] = this.#start();
      return;
    }
    if (!process.claimed || (this.#faulty && this.#random() < 0.03)) {
      if (process.underWay > 0) return;
      this.#claim(process);
      return;
    }
    if (process.underWay >= 3 || process.next >= this.#log.length) return;
    const size = 1 + Math.floor(this.#random() * 12);
    // Now and then from further back: what was delivered comes again.
    const from = this.#faulty && this.#random() < 0.1 ? Math.max(0, process.next - Math.floor(this.#random() * 20)) : process.next;
    const entries = this.#log.slice(from, from + size).map(({ entry }, place) => this.#deliver(entry, from + place));
    process.next = Math.max(process.next, from + entries.length);
    process.underWay++;
    process.writer.submit(entries).then(
      () => {
        process.underWay--;
      },
      () => {
        process.underWay--;
        process.claimed = false;
      },
    );
  }

  #claim(process: Process): void {
    process.underWay++;
    this.claims++;
    process.writer.startAt('decisions', [0]).then(
      (offsets) => {
        process.underWay--;
        process.claimed = true;
        process.next = Number(offsets.get(0) ?? 0n);
      },
      () => {
        process.underWay--;
      },
    );
  }

  /** All of the log as one input, whatever kind an entry is of: the order is what matters. */
  #deliver(entry: Entry, place: number): Entry {
    return { ...entry, origin: { topic: topics.decisions.name, partition: 0, offset: BigInt(place) } };
  }

  #start(): Process {
    const relay = {
      room: () => Promise.resolve(),
      resume: (lastBatch: number) => Promise.resolve(void this.published.push(...this.journal.committed.slice(0, lastBatch))),
      push: (batch: Pick<SealedBatch, 'effects' | 'lines' | 'after'>) => void this.published.push(batch as SealedBatch),
      abandon: () => undefined,
    };
    const process: Process = {
      writer: new Writer({
        store: this.journal.connect(),
        relay,
        policy: TEST_POLICY,
        scope: {
          fail: (error) => {
            process.dead = true;
            if ((error as { code?: string }).code === 'LG001') this.fenced++;
            else this.failures.push(error);
          },
        },
        clock: () => this.#nowMs,
        batchMax: 25,
        aheadMin: 1,
        keptMax: 5,
        decidedMax: 20,
      }),
      next: 0,
      underWay: 0,
      dead: false,
      claimed: false,
    };
    return process;
  }

  #fate(call: 'claim' | 'load' | 'commit'): Fate {
    const draw = this.#faulty ? this.#random() : 1;
    if (draw < 0.04) return 'lost before';
    return draw < 0.08 && call !== 'load' ? 'lost after' : 'works';
  }

  #isDone(): boolean {
    const next = this.journal.journal.inputs.get(`${topics.decisions.name}/0`)?.nextOffset ?? 0n;
    return next >= BigInt(this.#log.length) && this.#processes.every(({ underWay }) => underWay === 0);
  }
}

describe('whatever goes wrong', () => {
  test.each(Array.from({ length: 40 }, (_, index) => 1_000 + index))(
    'every entry has one effect, and all agree on it: seed %i',
    async (seed) => {
      const simulation = new Simulation(seed, 150);
      await simulation.run();
      expect(simulation.failures).toEqual([]);
      const { journal, published } = simulation;
      const naive = replayNaively(journal.committed, TEST_POLICY);
      expect([...journal.accounts.keys()].sort()).toEqual([...naive.accounts.keys()].sort());
      for (const { id, debitsPosted, creditsPosted, debitsPending, creditsPending } of journal.accounts.values()) {
        expect([id, debitsPosted, creditsPosted, debitsPending, creditsPending]).toEqual([
          id,
          naive.sum(id, 'from', 'posted'),
          naive.sum(id, 'to', 'posted'),
          naive.sum(id, 'from', 'pending'),
          naive.sum(id, 'to', 'pending'),
        ]);
      }
      const seqs = journal.committed.flatMap(({ effects }) => effects.messages.flatMap(({ ledgerSeq }) => ledgerSeq ?? []));
      expect(seqs).toEqual(seqs.map((_, index) => index + 1));
      const commands = journal.committed.flatMap(({ effects }) => effects.messages).filter(({ ledgerSeq }) => ledgerSeq !== null);
      expect(
        new Set(commands.map((message) => (message.topic === 'outcomes' ? String(message.ledgerSeq) : message.decided.outcome.event_id)))
          .size,
      ).toBe(commands.length);
      expect(new Set(published.map(({ after }) => after.lastBatchSeq)).size).toBe(journal.committed.length);
      // Times never went back, whatever the clock did.
      const times = journal.committed.map(({ effects }) => effects.committedAtMs);
      expect(times).toEqual([...times].sort((a, b) => a - b));
    },
  );

  test('the seeds contain what they are meant to: takeovers, fenced writers, and batches that waited for the one before', async () => {
    let [claims, fenced, waited] = [0, 0, 0];
    for (let seed = 1_000; seed < 1_010; seed++) {
      const simulation = new Simulation(seed, 100);
      await simulation.run();
      claims += simulation.claims;
      fenced += simulation.fenced;
      waited += simulation.journal.waited;
    }
    expect(claims).toBeGreaterThan(100);
    expect(fenced).toBeGreaterThan(10);
    expect(waited).toBeGreaterThan(10);
  });

  test('the same batch on the same state gives the same bytes', () => {
    const entries = new RandomWorkload(3).take(100).map(({ entry }) => entry);
    const states: LedgerState[] = [emptyState({ decidedMax: 1_000 }), emptyState({ decidedMax: 1_000 })];
    const [one, other] = states.map((state) => applyBatch(state, { entries, committedAtMs: SAMPLE_AT_MS, takenAtMs: 0 }, TEST_POLICY));
    expect(one!.transfers).toEqual(other!.transfers);
    expect(one!.messages.map((message) => JSON.stringify(message.topic === 'outcomes' ? message.value : message.decided.outcome))).toEqual(
      other!.messages.map((message) => JSON.stringify(message.topic === 'outcomes' ? message.value : message.decided.outcome)),
    );
  });
});
