import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdirSync, mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import type { Decision } from '@trancendos/contracts/decision';
import { subjectOf, type Transaction } from '@trancendos/contracts/transaction';
import { startServers, type RunningServers } from '@trancendos/local/start-servers';
import { wipeDirectory } from '@trancendos/local/wipe-directory';
import { drawVersion } from '@trancendos/models/draw-version';
import { FEATURE_COUNT } from '@trancendos/models/features/declare-features';
import { FeatureKernel } from '@trancendos/models/features/feature-kernel';
import { SAMPLE_BELIEFS } from '@trancendos/models/features/sample-beliefs';
import { pause } from '@trancendos/platform/clock';
import { connectEventLog, ensureTopics, type EventLog } from '@trancendos/platform/event-log';
import { openLog } from '@trancendos/platform/log';
import { openPublisher, type Publisher } from '@trancendos/platform/publish';
import { createTestDatabase, testServers } from '@trancendos/platform/testing';
import { foldLabel, foldTransaction } from '@trancendos/scoring/fold-message';
import { receivedLabel, receivedTransaction, sampleHistory, sampleLabel, samplePayment } from '@trancendos/scoring/sample-messages';
import { LABEL_SETTLE_MS } from '@trancendos/scoring/settle-labels';
import { repositoryRoot } from './read-sources.ts';
import { TopicReader } from './read-topic.ts';
import { startWorker, type Worker } from './start-worker.ts';
import { waitUntil } from './wait-until.ts';

const PARTITIONS = 4;
const CUSTOMERS = 40;
const HOUR_MS = 3_600_000;
const START_MS = Date.UTC(2026, 0, 5);

let directory: string;
let servers: RunningServers;
let database: Awaited<ReturnType<typeof createTestDatabase>>;
let eventLog: EventLog;
let publisher: Publisher;
let reader: TopicReader;
const workers: Worker[] = [];
/** Everything in the order in which it was sent, folded by one kernel: what any number of workers must agree with. */
const kernel = new FeatureKernel(SAMPLE_BELIEFS);
const expected = new Map<string, number[]>();
let sent = 0;
const sentOnes: Transaction[] = [];
let labelled = 0;
let labels = 0;

beforeAll(async () => {
  const parent = join(repositoryRoot, '.local');
  mkdirSync(parent, { recursive: true });
  directory = mkdtempSync(join(parent, 'test-'));
  database = await createTestDatabase();
  const { databaseUrl, redisUrl } = testServers();
  servers = await startServers({ directory, given: { databaseUrl, redisUrl }, small: true });
  const log = openLog('test', { LOG_LEVEL: 'fatal', LOG_FORMAT: 'json' });
  const brokers = { brokers: servers.kafkaBrokers.split(','), service: 'test', log };
  await ensureTopics({ ...brokers, partitions: PARTITIONS });
  eventLog = await connectEventLog(brokers);
  publisher = openPublisher({ eventLog });
  reader = await TopicReader.connect(servers.kafkaBrokers.split(','));
  await drawVersion(join(directory, 'versions', 'luminous-1'), { name: 'luminous-1', seed: 1, beliefs: SAMPLE_BELIEFS });
}, 120_000);

afterAll(async () => {
  for (const worker of workers) await worker.stop();
  await reader.stop();
  await publisher.stop();
  await eventLog.stop();
  await servers.stop();
  await database.drop();
  await wipeDirectory(directory);
}, 60_000);

async function start(): Promise<Worker> {
  const worker = await startWorker({
    KAFKA_BROKERS: servers.kafkaBrokers,
    KAFKA_TOPIC_PARTITIONS: String(PARTITIONS),
    DATABASE_URL: database.url,
    SCORING_MODEL: 'luminous-1',
    SCORING_FALLBACK_MODEL: 'luminous-1',
    SCORING_VERSIONS_DIR: join(directory, 'versions'),
  });
  workers.push(worker);
  return worker;
}

async function send(transaction: Transaction): Promise<void> {
  const folded = foldTransaction(kernel, receivedTransaction(transaction, sent));
  const vector = new Float64Array(FEATURE_COUNT);
  if (folded.kind === 'transaction') kernel.read(folded.event, vector);
  sentOnes.push(transaction);
  if (transaction.kind === 'payment') expected.set(transaction.transaction_id, [...vector]);
  await publisher.publish('transactions', subjectOf(transaction.payer), transaction, transaction.request_id);
}

/** The next payments of all customers, an hour apart, at terminals that they share. */
async function sendPayments(count: number, make: typeof samplePayment | typeof sampleHistory = samplePayment): Promise<void> {
  for (let end = sent + count; sent < end; sent++) {
    const at = new Date(START_MS + sent * HOUR_MS).toISOString();
    const facts = { occurred_at: at, received_at: at, amount_minor: 500 + ((sent * 7919) % 9_000), terminal_id: `T-${sent % 7}` };
    await send(make(`t-${sent}`, { ...facts, payer: { account_id: `ACC-${(sent * 31) % CUSTOMERS}` } }));
  }
}

/** Labels every ninth payment since the last call as fraud; resolves when they count for whatever is sent next. */
async function sendLabels(running: readonly Worker[]): Promise<void> {
  for (; labelled < sent; labelled += 9) {
    const transaction = sentOnes[labelled];
    if (!transaction) continue;
    const label = sampleLabel(transaction, true);
    foldLabel(kernel, receivedLabel(label, labelled));
    await publisher.publish('labels', label.subject, label, label.request_id);
    labels++;
  }
  for (const worker of running) {
    await waitUntil('all labels to be read', async () => (await worker.takenLabels()) >= labels);
  }
  await pause(LABEL_SETTLE_MS);
}

/** Resolves when everything that was sent has been decided on: what is sent a week of event time later must not overtake it. */
async function settled(): Promise<void> {
  await waitUntil('everything to be decided', async () => {
    const [committed, bounds] = await Promise.all([eventLog.committedOffsets('scoring', 'transactions'), eventLog.bounds('transactions')]);
    return [...bounds].every(([partition, { high }]) => high === 0n || committed.get(partition) === high);
  });
}

/** Decisions by payment, once there is one for all; every further one of a payment has to be the same. */
async function decisionsOnAll(): Promise<Map<string, Decision>> {
  return waitUntil(
    'a decision on every payment',
    async () => {
      const decisions = new Map<string, Decision>();
      for (const decision of await reader.readAll('decisions')) {
        const { transaction_id } = decision.transaction;
        const earlier = decisions.get(transaction_id);
        if (earlier)
          expect([decision.features, decision.score, decision.action]).toEqual([earlier.features, earlier.score, earlier.action]);
        else decisions.set(transaction_id, decision);
      }
      return decisions.size === expected.size && decisions;
    },
    40_000,
  );
}

async function expectAllAsByOne(): Promise<void> {
  const decisions = await decisionsOnAll();
  for (const [id, features] of expected) expect([id, decisions.get(id)?.features]).toEqual([id, features]);
}

describe('two workers', () => {
  test('decide as one does, before and after they share the partitions, and when one of them is killed', async () => {
    const first = await start();
    for (let batch = 0; batch < 16; batch++) {
      await sendPayments(25, sampleHistory);
      await settled();
    }
    await sendLabels([first]);
    await sendPayments(100);
    await expectAllAsByOne();
    const second = await start();
    await waitUntil('both to decide', async () => {
      await sendPayments(20);
      return (await second.decided()) > 0 && first.follows();
    });
    await settled();
    await sendLabels([first, second]);
    await sendPayments(150);
    await expectAllAsByOne();
    const before = await first.decided();
    expect(before).toBeGreaterThan(100);

    const sending = sendPayments(150);
    first.kill();
    await sending;
    await expectAllAsByOne();
    await sendPayments(50);
    await expectAllAsByOne();
    expect(await second.reread()).toBe(0);
  }, 180_000);

  test('began again from a snapshot of either, one decides as before', async () => {
    await workers.at(-1)?.stop();
    const third = await start();
    expect(third.lines().some((line) => line.includes('feature state rebuilt') && line.includes('"trancendos.from_snapshot":true'))).toBe(
      true,
    );
    await sendPayments(50);
    await expectAllAsByOne();
  }, 90_000);
});
