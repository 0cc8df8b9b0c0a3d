import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Decision } from '@trancendos/contracts/decision';
import type { Label } from '@trancendos/contracts/label';
import { subjectOf, type Transaction } from '@trancendos/contracts/transaction';
import { drawVersion } from '@trancendos/models/draw-version';
import { consume } from '@trancendos/platform/consume';
import { connectEventLog, ensureTopics, type EventLog } from '@trancendos/platform/event-log';
import type { Logger } from '@trancendos/platform/log';
import { newId } from '@trancendos/platform/new-id';
import { openPublisher, type Publisher } from '@trancendos/platform/publish';
import type { Resource, Scope } from '@trancendos/platform/run';
import { createTestDatabase, testServers } from '@trancendos/platform/testing';
import { ScoringConfig } from './config.ts';
import type { FoldedTopic } from './feature-state.ts';
import { SAMPLE_BELIEFS } from '@trancendos/models/features/sample-beliefs';
import { openScoring, type Scoring } from './open-scoring.ts';

/** Stops what was opened on it in reverse, and keeps every line that was logged. */
class TestScope implements Scope {
  readonly #opened: Resource[] = [];
  readonly lines: string[] = [];
  readonly log = recordingLog(this.lines);

  async open<R extends Resource>(opening: Promise<R> | R): Promise<R> {
    const resource = await opening;
    this.#opened.push(resource);
    return resource;
  }

  fail(error: unknown): void {
    this.lines.push(`failed: ${String(error)}`);
  }

  async stop(): Promise<void> {
    for (const resource of this.#opened.splice(0).reverse()) await resource.stop();
  }
}

function recordingLog(lines: string[]): Logger {
  const record = (...words: unknown[]) => void lines.push(words.map((word) => JSON.stringify(word)).join(' '));
  const log = { trace: record, debug: record, info: record, warn: record, error: record, fatal: record, child: () => log };
  return log;
}

/** Scoring on the real servers, with a database and a consumer group of its own. */
export interface TestScoring {
  /** A merchant that no other test uses. */
  readonly merchantId: string;
  /** Its consumer group. */
  readonly group: string;
  readonly databaseUrl: string;
  /** Holds `luminous-1` and `luminous-3`, which read beliefs, and `luminous-2`, which reads none. */
  readonly versionsFolder: string;
  /** Decisions on that merchant's payments, in the order of the log. */
  readonly decisions: readonly Decision[];
  /** What the running instance has logged. */
  readonly lines: () => readonly string[];
  readonly scoring: () => Scoring;
  readonly send: (message: Transaction | Label) => Promise<void>;
  /** Any text at all as a message of `transactions`. */
  readonly sendRaw: (value: string) => Promise<void>;
  /** Dead letters whose payload holds `text`. */
  readonly deadLettersWith: (text: string) => number;
  /** Whether everything in `topic` has been handled and committed. */
  readonly caughtUp: (topic: FoldedTopic) => Promise<boolean>;
  readonly stopScoring: () => Promise<void>;
  readonly startScoring: (changes?: Record<string, string>) => Promise<void>;
  readonly stop: () => Promise<void>;
}

export async function runTestScoring(): Promise<TestScoring> {
  const mark = newId('m').slice(0, 40);
  const database = await createTestDatabase();
  const outside = new TestScope();
  const { eventLog, publisher } = await connectOutside(outside);
  const seen = await watchTopics(outside, { eventLog, publisher, mark });
  let scope = new TestScope();
  let scoring: Scoring;
  const versions = await drawTestVersions();
  const startScoring = async (changes: Record<string, string> = {}) => {
    scope = new TestScope();
    const brokers = testServers().kafkaBrokers.join(',');
    const given = { KAFKA_BROKERS: brokers, DATABASE_URL: database.url, SCORING_PORT: 0 };
    const models = { SCORING_MODEL: 'luminous-1', SCORING_FALLBACK_MODEL: 'luminous-2', SCORING_VERSIONS_DIR: versions };
    const config = ScoringConfig.parse({ ...given, ...models, ...changes });
    scoring = await openScoring(config, scope, `scoring-${mark}`);
  };
  await startScoring();
  return {
    merchantId: mark,
    group: `scoring-${mark}`,
    databaseUrl: database.url,
    versionsFolder: versions,
    decisions: seen.decisions,
    lines: () => scope.lines,
    scoring: () => scoring,
    send: (message) =>
      'label_id' in message
        ? publisher.publish('labels', message.subject, message, message.request_id)
        : publisher.publish('transactions', subjectOf(message.payer), message, message.request_id),
    sendRaw: (value) => eventLog.send([{ topic: 'transactions', key: 'ACC-1', value, headers: {} }]),
    deadLettersWith: (text) => seen.deadLetters.filter((payload) => payload.includes(text)).length,
    caughtUp: async (topic) => {
      const [committed, bounds] = await Promise.all([eventLog.committedOffsets(`scoring-${mark}`, topic), eventLog.bounds(topic)]);
      return [...bounds].every(([partition, { high }]) => high === 0n || committed.get(partition) === high);
    },
    stopScoring: () => scope.stop(),
    startScoring,
    async stop() {
      await scope.stop();
      await outside.stop();
      await database.drop();
      await rm(versions, { recursive: true });
    },
  };
}

async function drawTestVersions(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'scoring-versions-'));
  const features = ['tx_amount', 'customer_id_nb_tx_1day_window', 'terminal_id_risk_7day_window'];
  for (const version of [
    { name: 'luminous-1', seed: 1, beliefs: SAMPLE_BELIEFS },
    { name: 'luminous-2', seed: 2, features },
    { name: 'luminous-3', seed: 3, beliefs: SAMPLE_BELIEFS },
  ]) {
    await drawVersion(join(folder, version.name), version);
  }
  return folder;
}

async function connectOutside(scope: TestScope): Promise<{ eventLog: EventLog; publisher: Publisher }> {
  const brokers = { brokers: testServers().kafkaBrokers, service: 'test', log: scope.log };
  await ensureTopics({ ...brokers, partitions: 1 });
  const eventLog = await scope.open(connectEventLog(brokers));
  return { eventLog, publisher: await scope.open(openPublisher({ eventLog })) };
}

async function watchTopics(scope: TestScope, { eventLog, publisher, mark }: { eventLog: EventLog; publisher: Publisher; mark: string }) {
  const decisions: Decision[] = [];
  const deadLetters: string[] = [];
  await scope.open(
    consume({
      eventLog,
      publisher,
      scope,
      group: `watch-${mark}`,
      topics: ['decisions', 'deadLetters'],
      batchMax: 500,
      handle: (batch) => {
        for (const received of batch) {
          if (received.topic === 'deadLetters') deadLetters.push(Buffer.from(received.value.payload_base64, 'base64').toString());
          else if (received.value.transaction.merchant_id === mark) decisions.push(received.value);
        }
        return Promise.resolve(batch.map(() => ({ kind: 'ok' as const })));
      },
    }),
  );
  return { decisions, deadLetters };
}
