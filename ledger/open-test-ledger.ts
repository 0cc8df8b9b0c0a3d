import { join } from 'node:path';
import { Decision } from '@trancendos/contracts/decision';
import { LedgerCommand } from '@trancendos/contracts/ledger-command';
import type { MessageOf, TopicKey } from '@trancendos/contracts/topics';
import type { Received, Verdict } from '@trancendos/platform/consume';
import { migrate } from '@trancendos/platform/migrate';
import { packageRoot } from '@trancendos/platform/package-root';
import { connectPostgres, type Postgres } from '@trancendos/platform/postgres';
import { PublishError, type Publisher } from '@trancendos/platform/publish';
import { createTestDatabase } from '@trancendos/platform/testing';
import { pino } from 'pino';
import { openJournalStore, type JournalPools } from './journal-store.ts';
import type { LedgerPolicy } from './ledger-state.ts';
import { openOutcomeStore } from './outcome-store.ts';
import { OutcomeRelay } from './relay-outcomes.ts';
import { SAMPLE_AT_MS, sampleDecision, type Sample } from './sample-decision.ts';
import { Writer, type WriterOptions } from './write-batches.ts';

const log = pino({ level: 'silent' });
export const TEST_POLICY: LedgerPolicy = {
  opensAtFirstSight: true,
  openingCreditMinor: 100_000n,
  customerOverdraftMinor: 0n,
  holdTtlMs: 86_400_000,
};

/** A broker that takes everything, in memory, until it is told to be away. For tests. */
export class MemoryBroker implements Pick<Publisher, 'publish' | 'publishText'> {
  readonly messages: { topic: TopicKey; key: string; value: unknown }[] = [];
  away = false;

  publish<K extends TopicKey>(topic: K, key: string, value: MessageOf<K>): Promise<void> {
    if (this.away) return Promise.reject(new PublishError('unavailable'));
    this.messages.push({ topic, key, value });
    return Promise.resolve();
  }

  publishText(topic: TopicKey, key: string, text: string): Promise<void> {
    return this.publish(topic, key, JSON.parse(text) as MessageOf<TopicKey>);
  }

  outcomes(): MessageOf<'outcomes'>[] {
    return this.#of('outcomes');
  }

  commandOutcomes(): MessageOf<'commandOutcomes'>[] {
    return this.#of('commandOutcomes');
  }

  balances(): MessageOf<'balances'>[] {
    return this.#of('balances');
  }

  #of<K extends TopicKey>(topic: K): MessageOf<K>[] {
    return this.messages.filter((message) => message.topic === topic).map(({ value }) => value as MessageOf<K>);
  }
}

/** One run of the ledger process: a writer and a relay, and what would have ended it. */
export interface TestRun {
  readonly writer: Writer;
  readonly relay: OutcomeRelay;
  readonly failures: unknown[];
}

type Choices = Partial<Pick<WriterOptions, 'policy' | 'decidedMax' | 'keptMax' | 'batchMax' | 'aheadMin' | 'clock' | 'onCommitted'>> & {
  readonly pool?: JournalPools['pool'];
};

/** A migrated database of its own, in which runs of the ledger follow each other or compete. For tests. */
export interface TestLedger {
  readonly postgres: Postgres;
  readonly broker: MemoryBroker;
  /** A process that starts and is given partition 0. `pool` stands for its connection, to break it. */
  start(choices?: Choices): Promise<TestRun>;
  close(): Promise<void>;
}

export async function openTestLedger(): Promise<TestLedger> {
  const database = await createTestDatabase();
  const postgres = await connectPostgres({ url: database.url, applicationName: 'test' });
  await migrate(postgres, { schema: 'ledger', folder: join(packageRoot(import.meta.dirname), 'migrations'), log });
  const writing = await connectPostgres({ url: asWriter(database.url), applicationName: 'test-writer' });
  const broker = new MemoryBroker();
  const relays: OutcomeRelay[] = [];
  return {
    postgres,
    broker,
    async start({ pool = writing.pool, ...choices } = {}) {
      const failures: unknown[] = [];
      const relay = new OutcomeRelay({ publisher: broker, store: openOutcomeStore(writing.pool), log });
      relays.push(relay);
      const scope = { fail: (error: unknown) => failures.push(error) };
      const writer = new Writer({
        store: openJournalStore({ pool, loadPool: writing.pool }),
        relay,
        policy: TEST_POLICY,
        scope,
        ...choices,
      });
      await writer.startAt('decisions', [0]);
      return { writer, relay, failures };
    },
    async close() {
      broker.away = false;
      await Promise.all(relays.map((relay) => relay.stop()));
      await writing.stop();
      await postgres.stop();
      await database.drop();
    },
  };
}

/** The same address, with no more rights than the writer has. */
export function asWriter(databaseUrl: string): string {
  const url = new URL(databaseUrl);
  url.searchParams.set('options', '-c role=ledger_writer');
  return url.href;
}

/** Messages as the loop hands them over: the samples at consecutive offsets of a partition. */
export function messagesOf(samples: readonly Sample[], fromOffset: number, partition = 0): Received<'decisions'>[] {
  return samples.map((sample, index) => {
    const value = Decision.parse(sampleDecision(sample));
    const times = { sentAtMs: SAMPLE_AT_MS + 5, receivedAtMs: SAMPLE_AT_MS + 7 };
    return { topic: 'decisions', partition, offset: BigInt(fromOffset + index), key: 'k', value, correlationId: 'req', ...times };
  });
}

/** The same of commands. */
export function commandsOf(commands: readonly LedgerCommand[], fromOffset: number): Received<'ledgerCommands'>[] {
  return commands.map((command, index) => {
    const value = LedgerCommand.parse(command);
    const times = { sentAtMs: SAMPLE_AT_MS + 5, receivedAtMs: SAMPLE_AT_MS + 7 };
    return { topic: 'ledgerCommands', partition: 0, offset: BigInt(fromOffset + index), key: 'k', value, correlationId: 'req', ...times };
  });
}

/** Gives the samples to a writer as one batch. */
export function deliver({ writer }: Pick<TestRun, 'writer'>, samples: readonly Sample[], fromOffset = 0): Promise<Verdict[]> {
  return writer.handle(messagesOf(samples, fromOffset), new AbortController().signal);
}

/** Gives the commands to a writer as one batch. */
export function command({ writer }: Pick<TestRun, 'writer'>, commands: readonly LedgerCommand[], fromOffset = 0): Promise<Verdict[]> {
  return writer.handle(commandsOf(commands, fromOffset), new AbortController().signal);
}
