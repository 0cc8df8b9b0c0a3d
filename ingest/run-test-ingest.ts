import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ANNOUNCEMENTS_CHANNEL, writeAnnouncement } from '@trancendos/contracts/announcement';
import type { Decision } from '@trancendos/contracts/decision';
import type { Label } from '@trancendos/contracts/label';
import type { CommandOutcome, LedgerCommand } from '@trancendos/contracts/ledger-command';
import type { Outcome } from '@trancendos/contracts/outcome';
import { subjectOf, type PaymentTransaction, type Transaction } from '@trancendos/contracts/transaction';
import { nowMs, pause, toInstant } from '@trancendos/platform/clock';
import { consume, type Received, type Verdict } from '@trancendos/platform/consume';
import { connectEventLog, ensureTopics } from '@trancendos/platform/event-log';
import type { Logger } from '@trancendos/platform/log';
import { newId } from '@trancendos/platform/new-id';
import { openPublisher, type Publisher } from '@trancendos/platform/publish';
import { connectRedis } from '@trancendos/platform/redis';
import type { Resource, Scope } from '@trancendos/platform/run';
import { createTestDatabase, testServers } from '@trancendos/platform/testing';
import type { Redis } from 'ioredis';
import pg from 'pg';
import { IngestConfig } from './config.ts';
import { hashKey, makeKey } from './keys/make-key.ts';
import { openIngest } from './open-ingest.ts';
import { sampleOutcome } from './sample-outcome.ts';

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
  const record = (...words: unknown[]) =>
    void lines.push(words.map((word) => (word instanceof Error ? word.stack : JSON.stringify(word))).join(' '));
  const log = { trace: record, debug: record, info: record, warn: record, error: record, fatal: record, child: () => log };
  return log;
}

/** Does what tests say in place of scoring and ledger. */
export interface FakeLedger {
  /** Decides on a payment; by default an approval. */
  decide: (transaction: PaymentTransaction, ledgerSeq: number) => Outcome;
  /** Answers a command; by default not at all. */
  carryOut: (command: LedgerCommand, ledgerSeq: number) => CommandOutcome | undefined;
  /** Commands of the merchants of this test. */
  readonly commands: LedgerCommand[];
  /** While true, outcomes are announced over Redis before they are published. */
  announcing: boolean;
  /** Announces an outcome, in other words where they are given, and publishes nothing. */
  announce(outcome: Outcome, text?: string): Promise<void>;
  /** Publishes what the ledger has done by itself. */
  publishOutcome(outcome: CommandOutcome): Promise<void>;
  /** Publishes a decision that it has passed over. */
  publishLate(decision: Decision): Promise<void>;
}

/** Ingest on the real servers, with a database of its own, and somebody who decides in place of scoring and ledger. */
export interface TestIngest {
  readonly api: string;
  readonly databaseUrl: string;
  /** API keys of two merchants, whose ids begin like no other test's. */
  readonly keys: readonly [string, string];
  readonly merchants: readonly [string, string];
  /** Everything that was published for those merchants. */
  readonly published: (Transaction | Label)[];
  readonly lines: readonly string[];
  /** While false, transactions stay undecided. */
  deciding: boolean;
  /** What stands in for scoring and ledger. */
  readonly ledger: FakeLedger;
  /** Decides what has been left undecided. */
  decideRest(): Promise<void>;
  /** Resolves when the answer is in the database: it is given earlier. */
  untilStored(transactionId: string): Promise<void>;
  /** Stops ingest and starts it again on the same database. */
  restart(): Promise<void>;
  stopApi(): Promise<void>;
  /** Starts another instance beside it, and gives its address. */
  startSecond(): Promise<string>;
  stop(): Promise<void>;
}

/** `databaseUrlOf` may put something between ingest and its database; `settings` come above the ordinary ones. */
export async function runTestIngest(
  databaseUrlOf: (url: string) => string = (url) => url,
  settings: Record<string, unknown> = {},
): Promise<TestIngest> {
  const brokers = testServers().kafkaBrokers;
  const mark = newId('m').slice(0, 40);
  const database = await createTestDatabase();
  const folder = await mkdtemp(join(tmpdir(), 'ingest-'));
  const keysFile = join(folder, 'keys.json');
  const merchants = { [`${mark}-a`]: makeKey('test').key, [`${mark}-b`]: makeKey('test').key };
  const hashed = Object.entries(merchants).map(([merchant_id, key]) => ({ merchant_id, key_sha256: hashKey(key).toString('hex') }));
  await writeFile(keysFile, JSON.stringify({ keys: hashed }));
  const config = IngestConfig.parse({
    KAFKA_BROKERS: brokers.join(','),
    DATABASE_URL: databaseUrlOf(database.url),
    REDIS_URL: testServers().redisUrl,
    API_KEYS_FILE: keysFile,
    INGEST_SEALING_KEY: Buffer.alloc(32, 7).toString('base64'),
    INGEST_PORT: 0,
    INGEST_DEADLINE_MS: 1_500,
    ...settings,
  });

  const decider = await runDecider(mark);
  let scope = new TestScope();
  const lines: string[] = scope.lines;
  const start = async () => (await openIngest(config, scope, `ingest-${mark}`)).port;
  let port = await start();
  const untilStored = (transactionId: string) => untilAnswerIn(database.url, transactionId);
  const probes = await untilCaughtUp(`http://127.0.0.1:${port}`, Object.values(merchants)[0] ?? '');
  for (const probe of probes) await untilStored(probe);
  return {
    get api() {
      return `http://127.0.0.1:${port}`;
    },
    databaseUrl: database.url,
    keys: Object.values(merchants) as [string, string],
    merchants: Object.keys(merchants) as [string, string],
    published: decider.published,
    lines,
    get deciding() {
      return decider.deciding;
    },
    set deciding(deciding) {
      decider.deciding = deciding;
    },
    ledger: decider,
    decideRest: () => decider.decideRest(),
    untilStored,
    async restart() {
      await scope.stop();
      scope = new TestScope();
      port = await start();
    },
    stopApi: () => scope.stop(),
    startSecond: async () => `http://127.0.0.1:${await start()}`,
    async stop() {
      await scope.stop();
      await decider.stop();
      await database.drop();
      await rm(folder, { recursive: true });
    },
  };
}

async function untilAnswerIn(databaseUrl: string, transactionId: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const stored = async () => (await client.query('SELECT 1 FROM ingest.answers WHERE transaction_id = $1', [transactionId])).rowCount === 1;
  while (!(await stored())) await pause(10);
  await client.end();
}

/** Sends payments until one is decided in time: by then the outcomes that other tests have left are read. Gives their ids. */
async function untilCaughtUp(api: string, key: string): Promise<string[]> {
  const probes: string[] = [];
  for (let status = 0; status !== 200;) {
    const id = newId('probe');
    const body = {
      transaction_id: id,
      occurred_at: toInstant(nowMs()),
      amount_minor: 0,
      currency: 'EUR',
      payer: { account_id: 'ACC-PROBE' },
    };
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json', 'idempotency-key': id };
    ({ status } = await fetch(`${api}/v1/transactions`, { method: 'POST', headers, body: JSON.stringify(body) }));
    if (status === 200 || status === 202) probes.push(id); // the others were not accepted
  }
  return probes;
}

type Heard = 'transactions' | 'labels' | 'ledgerCommands';

class Decider implements FakeLedger {
  readonly published: (Transaction | Label)[] = [];
  readonly commands: LedgerCommand[] = [];
  deciding = true;
  announcing = false;
  decide = sampleOutcome;
  carryOut: FakeLedger['carryOut'] = () => undefined;
  readonly scope = new TestScope();
  readonly #mark: string;
  #publisher: Publisher | undefined;
  #redis: Redis | undefined;
  #undecided: PaymentTransaction[] = [];
  #sequence = 0;

  constructor(mark: string) {
    this.#mark = mark;
  }

  async start(): Promise<void> {
    const { scope } = this;
    const options = { brokers: testServers().kafkaBrokers, service: 'test', log: scope.log };
    await ensureTopics({ ...options, partitions: 1 });
    const eventLog = await scope.open(connectEventLog(options));
    this.#redis = (await scope.open(connectRedis({ url: testServers().redisUrl, log: scope.log }))).client;
    const publisher = (this.#publisher = await scope.open(openPublisher({ eventLog })));
    const group = `decider-${this.#mark}`;
    const handle = (batch: readonly Received<Heard>[]) => this.#handle(batch);
    // What other tests have left in the topics is none of ours.
    const startAt = async (topic: Heard) => new Map([...(await eventLog.bounds(topic))].map(([id, { high }]) => [id, high]));
    const topics = ['transactions', 'labels', 'ledgerCommands'] as const;
    const reading = await scope.open(consume({ eventLog, publisher, scope, group, topics, batchMax: 500, handle, startAt }));
    while (!reading.assigned()) await pause(20);
  }

  async decideRest(): Promise<void> {
    await Promise.all(this.#undecided.splice(0).map((transaction) => this.#decide(transaction)));
  }

  stop(): Promise<void> {
    return this.scope.stop();
  }

  async #handle(batch: readonly Received<Heard>[]): Promise<Verdict[]> {
    for (const { value } of batch) {
      if ('command_id' in value) {
        await this.#answer(value);
        continue;
      }
      if (!value.merchant_id.startsWith(this.#mark)) continue;
      this.published.push(value);
      if ('kind' in value && value.kind === 'payment') this.#undecided.push(value);
    }
    if (this.deciding) await this.decideRest();
    return batch.map(() => ({ kind: 'ok' }));
  }

  async publishOutcome(outcome: CommandOutcome): Promise<void> {
    await this.#publisher?.publish('commandOutcomes', outcome.event_id, outcome, outcome.event_id);
  }

  async announce(outcome: Outcome, text = JSON.stringify(outcome)): Promise<void> {
    const { merchant_id: merchantId, transaction_id: transactionId } = outcome.transaction;
    const message = writeAnnouncement([{ merchantId, transactionId, text }]);
    await this.#redis?.publish(ANNOUNCEMENTS_CHANNEL, message);
  }

  async publishLate(decision: Decision): Promise<void> {
    await this.#publisher?.publish('lateDecisions', subjectOf(decision.transaction.payer), decision, decision.transaction.request_id);
  }

  async #answer(command: LedgerCommand): Promise<void> {
    if (!command.requested_by.startsWith(this.#mark)) return;
    this.commands.push(command);
    const outcome = this.carryOut(command, ++this.#sequence);
    if (outcome) await this.publishOutcome(outcome);
  }

  async #decide(transaction: PaymentTransaction): Promise<void> {
    const outcome = this.decide(transaction, ++this.#sequence);
    if (this.announcing) await this.announce(outcome);
    await this.#publisher?.publish('outcomes', subjectOf(transaction.payer), outcome, transaction.request_id);
  }
}

async function runDecider(mark: string): Promise<Decider> {
  const decider = new Decider(mark);
  await decider.start();
  return decider;
}
