import { describe, expect, test } from '@jest/globals';
import type { MessageOf } from '@trancendos/contracts/topics';
import type { OutgoingMessage } from './event-log.ts';
import { openPublisher, PublishError } from './publish.ts';

const balance = (version: number): MessageOf<'balances'> => ({
  account_id: 'customer:ACC-1:EUR',
  kind: 'customer',
  currency: 'EUR',
  debits_posted: '0',
  credits_posted: '0',
  debits_pending: '0',
  credits_pending: '0',
  available: null,
  overdraft: '0',
  status: 'open' as const,
  version,
  ledger_seq: version,
  committed_at: '2026-01-01T00:00:00.000Z',
});

/** A broker that confirms a request when told to. */
class FakeBroker {
  readonly service = 'test';
  readonly requests: OutgoingMessage[][] = [];
  #finish: ((error?: Error) => void)[] = [];

  send(messages: readonly OutgoingMessage[]): Promise<void> {
    this.requests.push([...messages]);
    return new Promise((resolve, reject) => this.#finish.push((error) => (error ? reject(error) : resolve())));
  }

  async confirm(error?: Error): Promise<void> {
    await turn();
    this.#finish.shift()?.(error);
    await turn();
  }
}

const turn = () => new Promise((resolve) => setTimeout(resolve, 2));
const versions = (request: OutgoingMessage[] | undefined) =>
  request?.map(({ value }) => (JSON.parse(value) as { version: number }).version);

describe('a publisher', () => {
  test('sends together what was published while the last request was under way, in order', async () => {
    const broker = new FakeBroker();
    const publisher = openPublisher({ eventLog: broker });
    const sent = [publisher.publish('balances', 'a', balance(1), 'req')];
    await turn();
    for (const version of [2, 3, 4]) sent.push(publisher.publish('balances', 'a', balance(version), 'req'));
    await broker.confirm();
    await broker.confirm();
    await Promise.all(sent);
    expect(broker.requests.map(versions)).toEqual([[1], [2, 3, 4]]);
  });

  test('tells every caller of a request that failed, and goes on', async () => {
    const broker = new FakeBroker();
    const publisher = openPublisher({ eventLog: broker });
    const lost = expect(publisher.publish('balances', 'a', balance(1), 'req')).rejects.toMatchObject({ code: 'unavailable' });
    await broker.confirm(new Error('away'));
    await lost;
    const next = publisher.publish('balances', 'a', balance(2), 'req');
    await broker.confirm();
    await next;
  });

  test('refuses at once what does not fit into its queue', async () => {
    const broker = new FakeBroker();
    const publisher = openPublisher({ eventLog: broker, queueMax: 1 });
    const first = publisher.publish('balances', 'a', balance(1), 'req');
    await expect(publisher.publish('balances', 'a', balance(2), 'req')).rejects.toThrow(PublishError);
    await broker.confirm();
    await first;
  });

  test('gives up on a broker that does not answer within the deadline', async () => {
    const publisher = openPublisher({ eventLog: new FakeBroker(), deadlineMs: 20 });
    await expect(publisher.publish('balances', 'a', balance(1), 'req')).rejects.toMatchObject({ code: 'unavailable' });
  });

  test('finishes what is under way when it is stopped, and takes no more', async () => {
    const broker = new FakeBroker();
    const publisher = openPublisher({ eventLog: broker });
    const last = publisher.publish('balances', 'a', balance(1), 'req');
    const stopping = publisher.stop();
    await expect(publisher.publish('balances', 'a', balance(2), 'req')).rejects.toMatchObject({ code: 'stopped' });
    await broker.confirm();
    await Promise.all([last, stopping]);
  });

  test('lets no message overtake a request that was given up and may still arrive', async () => {
    const broker = new FakeBroker();
    const publisher = openPublisher({ eventLog: broker, deadlineMs: 20 });
    await expect(publisher.publish('balances', 'a', balance(1), 'req')).rejects.toMatchObject({ code: 'unavailable' });
    const next = publisher.publish('balances', 'a', balance(2), 'req');
    await turn();
    expect(broker.requests.map(versions)).toEqual([[1]]);
    await broker.confirm();
    await broker.confirm();
    await next;
    expect(broker.requests.map(versions)).toEqual([[1], [2]]);
  });

  test('makes no request larger than the broker takes for a partition', async () => {
    const broker = new FakeBroker();
    const publisher = openPublisher({ eventLog: broker, batchMax: 2_000 });
    const key = 'k'.repeat(1_000);
    const sent = Array.from({ length: 1_500 }, (_, index) => publisher.publish('balances', key, balance(index), 'req'));
    for (let request = 0; request < 3; request++) await broker.confirm();
    await Promise.all(sent);
    for (const request of broker.requests) {
      const bytes = request.reduce((sum, message) => sum + JSON.stringify(message).length, 0);
      expect(bytes).toBeLessThan(1_048_576);
    }
    expect(broker.requests.flatMap((request) => versions(request) ?? [])).toEqual(Array.from({ length: 1_500 }, (_, index) => index));
  });
});
