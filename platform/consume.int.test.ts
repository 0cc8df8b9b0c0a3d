import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { topics, type MessageOf } from '@trancendos/contracts/topics';
import { Kafka, logLevel, Partitioners } from 'kafkajs';
import { pino } from 'pino';
import { nowMs, pause } from './clock.ts';
import { consume, type ConsumeOptions, type Consumption, type Received, type Verdict } from './consume.ts';
import { connectEventLog, ensureTopics, type EventLog } from './event-log.ts';
import { newId } from './new-id.ts';
import { openPublisher, type Publisher } from './publish.ts';
import type { Resource } from './run.ts';
import { testServers } from './testing.ts';

const log = pino({ level: 'silent' });
const label = (transactionId: string): MessageOf<'labels'> => ({
  transaction_id: transactionId,
  fraud: true,
  source: 'bank',
  known_at: '2026-01-01T00:00:00.000Z',
  label_id: newId('lab'),
  merchant_id: 'books-01',
  request_id: newId('req'),
  subject: 'ACC-1',
  terminal_id: null,
  occurred_at: '2026-01-01T00:00:00.000Z',
  received_at: '2026-01-01T00:00:00.000Z',
});

let eventLog: EventLog;
let publisher: Publisher;
let opened: Resource[];
/** Marks this test's messages among those of other tests on the shared topic. */
let mark: string;

beforeEach(async () => {
  const brokers = testServers().kafkaBrokers;
  await ensureTopics({ brokers, service: 'test', log, partitions: 1 });
  eventLog = await connectEventLog({ brokers, service: 'test', log });
  publisher = openPublisher({ eventLog });
  opened = [eventLog, publisher];
  mark = newId('mark');
});

afterEach(async () => {
  for (const resource of opened.reverse()) await resource.stop();
});

interface Reader {
  readonly seen: string[];
  readonly failures: unknown[];
  readonly consumption: Consumption;
}

type ReadOptions = Partial<
  Pick<ConsumeOptions<'labels'>, 'startAt' | 'giveUpAfterMs' | 'onFetched' | 'handle' | 'batchMax'> & Pick<EventLog, 'openConsumer'>
>;

async function read(group: string, judge: (id: string, seen: string[]) => Verdict, options: ReadOptions = {}): Promise<Reader> {
  const { openConsumer = (name: string) => eventLog.openConsumer(name), ...others } = options;
  const seen: string[] = [];
  const failures: unknown[] = [];
  const handle = (batch: readonly Received<'labels'>[]) =>
    Promise.resolve(
      batch.map(({ value }): Verdict => {
        const id = value.transaction_id;
        if (!id.startsWith(mark)) return { kind: 'drop', reason: 'of another test' };
        const verdict = judge(id, seen);
        seen.push(id);
        return verdict;
      }),
    );
  const consumption = await consume({
    eventLog: { openConsumer },
    publisher,
    scope: { log, fail: (error) => failures.push(error) },
    group,
    topics: ['labels'],
    batchMax: 10,
    handle,
    ...others,
  });
  opened.push(consumption);
  return { seen, failures, consumption };
}

async function until(holds: () => boolean): Promise<void> {
  for (let waitedMs = 0; !holds(); waitedMs += 20) {
    if (waitedMs > 20_000) throw new Error('it did not happen within 20 s');
    await pause(20);
  }
}

const ok: Verdict = { kind: 'ok' };
const ids = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => `${mark}-${from + index}`);
const publishAll = (names: string[]) => Promise.all(names.map((id) => publisher.publish('labels', 'ACC-1', label(id), 'req')));

/** The real driver, which gives its newest consumer up when told to, and opens no more than `openingsMax` consumers. */
function fragileDriver(openingsMax = Infinity) {
  let giveUp: (error: Error) => void = () => undefined;
  let openings = 0;
  const openConsumer: EventLog['openConsumer'] = (group) => {
    if (openings >= openingsMax) throw new Error('no driver any more');
    openings++;
    const consumer = eventLog.openConsumer(group);
    const on = consumer.on.bind(consumer) as (name: string, listener: (event: unknown) => void) => () => void;
    const watchedOn = (name: string, listener: (event: unknown) => void) => {
      if (name === consumer.events.CRASH)
        giveUp = (error) => void consumer.disconnect().then(() => listener({ payload: { error, restart: false } }));
      return on(name, listener);
    };
    return Object.assign(consumer, { on: watchedOn });
  };
  return { openConsumer, giveUp: (error: Error) => giveUp(error), openings: () => openings };
}

/** Of messages that cost `workMs` each, the most that are read in one turn of the event loop. */
async function mostInOneTurn(names: string[], workMs: number): Promise<number> {
  await publishAll(names);
  let inThisTurn = 0;
  let most = 0;
  const onFetched = ({ value }: Received<'labels'>) => {
    if (!value.transaction_id.startsWith(mark)) return;
    if (inThisTurn++ === 0) setImmediate(() => (inThisTurn = 0));
    most = Math.max(most, inThisTurn);
    const sinceMs = nowMs();
    while (nowMs() - sinceMs < workMs);
  };
  const reader = await read(newId('group'), () => ok, { onFetched, batchMax: 1_000 });
  await until(() => reader.seen.length >= names.length);
  return most;
}

describe('a consumer on a real broker', () => {
  test('reads a large fetch at once where that is quickly done, and lets others have a turn where it is not', async () => {
    expect(await mostInOneTurn(ids(1, 1_500), 0)).toBeGreaterThan(50);
    mark = newId('mark');
    expect(await mostInOneTurn(ids(1, 40), 2)).toBeLessThanOrEqual(4);
  });

  test('handles every message once and in order, and goes on after a restart where it stopped', async () => {
    const group = newId('group');
    await publishAll(ids(1, 50));
    const first = await read(group, () => ok);
    await until(() => first.seen.length === 50);
    await first.consumption.stop();
    await publishAll(ids(51, 60));
    const second = await read(group, () => ok);
    await until(() => second.seen.length >= 10);
    expect([...first.seen, ...second.seen]).toEqual(ids(1, 60));
  }, 60_000);

  test('sets a message aside that cannot be mended, with its origin, and goes on', async () => {
    const kafka = new Kafka({ brokers: testServers().kafkaBrokers, logLevel: logLevel.NOTHING });
    const raw = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
    await raw.connect();
    await raw.send({ topic: topics.labels.name, messages: [{ key: mark, value: '{"transaction_id": ' }] });
    await raw.send({ topic: topics.labels.name, messages: [{ key: mark, value: '{"transaction_id": 7}' }] });
    await raw.disconnect();
    await publishAll(ids(1, 3));
    const letters: MessageOf<'deadLetters'>[] = [];
    const letterReader = await consume({
      eventLog,
      publisher,
      scope: { log, fail: () => undefined },
      group: newId('letters'),
      topics: ['deadLetters'],
      batchMax: 10,
      handle: (batch) => {
        letters.push(...batch.map(({ value }) => value).filter(({ key }) => key === mark || key === 'ACC-1'));
        return Promise.resolve(batch.map(() => ok));
      },
    });
    opened.push(letterReader);
    const group = newId('group');
    const reader = await read(group, (id) => (id.endsWith('-2') ? { kind: 'reject', detail: 'no such thing' } : ok));
    const own = () => letters.filter((letter) => letter.group === group);
    await until(() => reader.seen.length === 3 && own().length === 3);
    expect(own().map(({ code }) => code)).toEqual(['not_json', 'schema_mismatch', 'refused']);
    expect(Buffer.from(own()[0]!.payload_base64, 'base64').toString()).toBe('{"transaction_id": ');
    expect(own()[1]!.detail).not.toContain('7}');
  }, 60_000);

  test('tries a batch again while something it needs is away, and loses nothing', async () => {
    await publishAll(ids(1, 5));
    let away = 3;
    const reader = await read(newId('group'), () => {
      if (away-- > 0) throw new Error('the database is away');
      return ok;
    });
    await until(() => reader.seen.length >= 5);
    expect(reader.seen).toEqual(ids(1, 5));
    expect(reader.failures).toEqual([]);
  }, 60_000);

  test('joins its group anew when the driver gives it up, and misses nothing', async () => {
    const { openConsumer, giveUp, openings } = fragileDriver();
    const reader = await read(newId('group'), () => ok, { openConsumer });
    await publishAll(ids(1, 5));
    await until(() => reader.seen.length === 5);
    giveUp(new Error('no coordinator'));
    await until(() => !reader.consumption.assigned());
    await publishAll(ids(6, 10));
    await until(() => new Set(reader.seen).size === 10);
    expect(openings()).toBe(2);
    expect(reader.failures).toEqual([]);
  }, 60_000);

  test('ends the service when its group cannot be joined again for too long', async () => {
    const { openConsumer, giveUp } = fragileDriver(1);
    const reader = await read(newId('group'), () => ok, { openConsumer, giveUpAfterMs: 800 });
    await until(() => reader.consumption.assigned());
    giveUp(new Error('no coordinator'));
    await until(() => reader.failures.length > 0);
    expect(reader.failures).toEqual([expect.objectContaining({ message: 'no driver any more' })]);
  }, 60_000);

  test('that keeps its own offsets begins where it says, and asks again after a failure', async () => {
    await publishAll(ids(1, 20));
    const { high } = (await eventLog.bounds('labels')).get(0)!;
    let asked = 0;
    let away = 1;
    const reader = await read(
      newId('group'),
      (id, seen) => {
        if (seen.length === 3 && away-- > 0) throw new Error(`failed at ${id}`);
        return ok;
      },
      { startAt: () => Promise.resolve(new Map([[0, high - 5n + (asked++ > 0 ? 3n : 0n)]])) },
    );
    await until(() => asked >= 2 && reader.seen.length >= 5);
    expect(reader.seen).toEqual([...ids(16, 18), ...ids(19, 20)]);
  }, 60_000);

  test('that keeps its own offsets ends the service when a batch keeps failing, and never reads past it', async () => {
    await publishAll(ids(1, 5));
    const { high } = (await eventLog.bounds('labels')).get(0)!;
    const judge = (id: string): Verdict => {
      if (id.endsWith('-1')) throw new Error('this one never works');
      return ok;
    };
    const reader = await read(newId('group'), judge, {
      startAt: () => Promise.resolve(new Map([[0, high - 5n]])),
      giveUpAfterMs: 300,
    });
    await until(() => reader.failures.length > 0);
    await publishAll(ids(6, 10));
    await pause(1_000);
    expect(reader.failures).toEqual([expect.objectContaining({ message: 'this one never works' })]);
    expect(reader.seen).toEqual([]);
  }, 60_000);

  test('sets a message aside that is nearly as large as the log takes, and goes on', async () => {
    const kafka = new Kafka({ brokers: testServers().kafkaBrokers, logLevel: logLevel.NOTHING });
    const raw = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
    await raw.connect();
    await raw.send({ topic: topics.labels.name, messages: [{ key: mark, value: 'x'.repeat(1_000_000) }] });
    await raw.disconnect();
    const behindTheBatch = ids(1, 30);
    await publishAll(behindTheBatch);
    const reader = await read(newId('group'), () => ok, { giveUpAfterMs: 2_000 });
    await until(() => reader.seen.length >= behindTheBatch.length || reader.failures.length > 0);
    expect(reader.failures).toEqual([]);
    expect(reader.seen).toEqual(behindTheBatch);
  }, 60_000);

  test('shows a message as soon as it is fetched, while the batch before is not done', async () => {
    const fetched: string[] = [];
    const blocked = Promise.withResolvers<undefined>();
    const handle = async (batch: readonly Received<'labels'>[]) => {
      if (batch.some(({ value }) => value.transaction_id === `${mark}-1`)) await blocked.promise;
      return batch.map(() => ok);
    };
    const onFetched = ({ value }: Received<'labels'>) => void fetched.push(value.transaction_id);
    await read(`show-${mark}`, () => ok, { handle, onFetched });
    await publishAll(ids(1, 1));
    await until(() => fetched.includes(`${mark}-1`));
    await publishAll(ids(2, 3));
    await until(() => fetched.includes(`${mark}-3`));
    blocked.resolve(undefined);
  }, 30_000);
});
