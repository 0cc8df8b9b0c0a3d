import { join } from 'node:path';
import { Decision } from '@trancendos/contracts/decision';
import type { MessageOf, TopicKey } from '@trancendos/contracts/topics';
import type { Received, Verdict } from '@trancendos/platform/consume';
import { migrate } from '@trancendos/platform/migrate';
import { packageRoot } from '@trancendos/platform/package-root';
import { connectPostgres, type Postgres } from '@trancendos/platform/postgres';
import { PublishError, type Publisher } from '@trancendos/platform/publish';
import { createTestDatabase } from '@trancendos/platform/testing';
import { pino } from 'pino';
import type pg from 'pg';
import type { LedgerPolicy } from './ledger-state.ts';
import { openOutcomeStore } from './outcome-store.ts';
import { OutcomeRelay } from './relay-outcomes.ts';
import { SAMPLE_AT_MS, sampleDecision, type Sample } from './sample-decision.ts';
import { Writer } from './write-batches.ts';

const log = pino({ level: 'silent' });
export const TEST_POLICY: LedgerPolicy = { openingCreditMinor: 100_000n, customerOverdraftMinor: 0n, holdTtlMs: 86_400_000 };

/** A broker that takes everything, in memory, until it is told to be away. For tests. */
export class MemoryBroker implements Pick<Publisher, 'publish'> {
  readonly messages: { topic: TopicKey; key: string; value: unknown }[] = [];
  away = false;

  publish<K extends TopicKey>(topic: K, key: string, value: MessageOf<K>): Promise<void> {
    if (this.away) return Promise.reject(new PublishError('unavailable'));
    this.messages.push({ topic, key, value });
    return Promise.resolve();
  }

  outcomes(): MessageOf<'outcomes'>[] {
    return this.messages.filter(({ topic }) => topic === 'outcomes').map(({ value }) => value as MessageOf<'outcomes'>);
  }

  balances(): MessageOf<'balances'>[] {
    return this.messages.filter(({ topic }) => topic === 'balances').map(({ value }) => value as MessageOf<'balances'>);
  }
}

/** One run of the ledger process: a writer and a relay, and what would have ended it. */
export interface TestRun {
  readonly writer: Writer;
  readonly relay: OutcomeRelay;
  readonly failures: unknown[];
}

/** A migrated database of its own, in which runs of the ledger follow each other or compete. For tests. */
export interface TestLedger {
  readonly postgres: Postgres;
  readonly broker: MemoryBroker;
  /** A process that starts and is given partition 0. `pool` stands for its connection, to break it. */
  start(options?: { pool?: Pick<pg.Pool, 'query'>; policy?: LedgerPolicy; decidedMax?: number; accountsMax?: number }): Promise<TestRun>;
  close(): Promise<void>;
}

export async function openTestLedger(): Promise<TestLedger> {
  const database = await createTestDatabase();
  const postgres = await connectPostgres({ url: database.url, applicationName: 'test' });
  await migrate(postgres, { schema: 'ledger', folder: join(packageRoot(import.meta.dirname), 'migrations'), log });
  const broker = new MemoryBroker();
  const relays: OutcomeRelay[] = [];
  return {
    postgres,
    broker,
    async start({ pool = postgres.pool, policy = TEST_POLICY, ...bounds } = {}) {
      const failures: unknown[] = [];
      const relay = new OutcomeRelay({ publisher: broker, store: openOutcomeStore(postgres.pool), log });
      relays.push(relay);
      const writer = new Writer({ pool, relay, policy, scope: { fail: (error) => failures.push(error) }, ...bounds });
      await writer.startAt('decisions', [0]);
      return { writer, relay, failures };
    },
    async close() {
      broker.away = false;
      await Promise.all(relays.map((relay) => relay.stop()));
      await postgres.stop();
      await database.drop();
    },
  };
}

/** Messages as the loop hands them over: the samples at consecutive offsets of a partition. */
export function messagesOf(samples: readonly Sample[], fromOffset: number, partition = 0): Received<'decisions'>[] {
  return samples.map((sample, index) => {
    const value = Decision.parse(sampleDecision(sample));
    const times = { sentAtMs: SAMPLE_AT_MS + 5, receivedAtMs: SAMPLE_AT_MS + 7 };
    return { topic: 'decisions', partition, offset: BigInt(fromOffset + index), key: 'k', value, correlationId: 'req', ...times };
  });
}

/** Gives the samples to a writer as one batch. */
export function deliver({ writer }: Pick<TestRun, 'writer'>, samples: readonly Sample[], fromOffset = 0): Promise<Verdict[]> {
  return writer.handle(messagesOf(samples, fromOffset), new AbortController().signal);
}
