import { describe, expect, test } from '@jest/globals';
import { TrancendosClient, TrancendosError, type BulkLine, type TransactionRequest, type WebhookEvent } from '@trancendos/sdk';
import { receiveWebhooks } from '@trancendos/sdk/examples/receive-webhooks';
import type { AddressInfo } from 'node:net';
import type { Merchant } from './post-transaction.ts';
import { waitUntil } from './wait-until.ts';

function payment(id: string): TransactionRequest {
  const occurred_at = new Date().toISOString();
  return { transaction_id: id, occurred_at, amount_minor: 1249, currency: 'EUR', payer: { account_id: 'ACC-SDK' }, deadline_ms: 5_000 };
}

const codeOf = (error: unknown) => (error instanceof TrancendosError ? error.code : error);
const refusalOf = (asked: Promise<unknown>) => asked.then(() => 'not refused', codeOf);

type Open = (apiKey?: string) => TrancendosClient;

/** What the SDK can do besides selling, capturing and refunding, against a running platform. */
export function describeSdk(platform: () => Merchant): void {
  const open: Open = (apiKey = platform().apiKey) => new TrancendosClient({ baseUrl: platform().api, apiKey });
  describe('the SDK', () => {
    testDeciding(open);
    testLabels(open);
    testKeys(open);
    testWebhooks(open);
  });
}

function testDeciding(open: Open): void {
  test('decides many, tries one out without a trace, and releases what is held', async () => {
    const client = open();
    const tried = await client.tryOut(payment('sdk-tried'));
    expect([tried.mode, tried.money?.state]).toEqual(['dry_run', 'none']);
    expect(await refusalOf(client.transaction('sdk-tried'))).toBe('transaction_unknown');
    const lots = [{ ...payment('sdk-1'), capture: 'manual' as const }, { ...payment('sdk-2'), amount_minor: -1 }, payment('sdk-3')];
    const lines: BulkLine[] = [];
    for await (const line of client.decideMany(lots)) lines.push(line);
    expect(lines).toMatchObject([
      { line: 1, status: 200, answer: { action: 'approve', money: { state: 'pending' } } },
      { line: 2, status: 400, answer: { code: 'invalid_field' } },
      { line: 3, status: 200, answer: { action: 'approve', money: { state: 'posted' } } },
    ]);
    expect(await client.void('sdk-1')).toMatchObject({ money: { state: 'voided', pending_minor: 0 } });
    expect((await client.operations('sdk-1')).operations).toMatchObject([{ kind: 'void' }]);
    expect(await client.transaction('sdk-1')).toMatchObject({ money: { state: 'voided' } });
  }, 60_000);
}

function testLabels(open: Open): void {
  test('says what payments turned out to be, and imports those of the past once', async () => {
    const client = open();
    await client.decide(payment('sdk-labelled'));
    const now = new Date().toISOString();
    await client.label({ transaction_id: 'sdk-labelled', fraud: true, source: 'bank', known_at: now });
    expect((await client.labels('sdk-labelled')).labels).toMatchObject([{ fraud: true, source: 'bank' }]);
    const past = [1, 2, 3].map((index) => {
      const { transaction_id, occurred_at, amount_minor, currency, payer } = payment(`sdk-past-${index}`);
      return { transaction_id, occurred_at, amount_minor, currency, payer, label: { fraud: false, known_at: now } };
    });
    const records = past.map((record, place) => (place === 2 ? { ...record, amount_minor: -1 } : record));
    const told: number[] = [];
    const imported = await client.importHistory(records, { onProgress: ({ accepted }) => told.push(accepted) });
    expect(imported).toMatchObject({ accepted: 2, rejected: 1, errors: [{ line: 3, code: 'invalid_field' }] });
    expect(told).toEqual([2]);
    expect(await client.importHistory(past.slice(0, 2))).toMatchObject({ accepted: 2, rejected: 0 });
  }, 60_000);
}

function testKeys(open: Open): void {
  test('makes a key that works until it is revoked, and keeps settings', async () => {
    const client = open();
    const made = await client.createKey({ mode: 'test', name: 'for a test', scopes: ['transactions:read'] });
    const other = open(made.key);
    expect(await refusalOf(other.transaction('sdk-unknown'))).toBe('transaction_unknown');
    expect(await refusalOf(other.settings())).toBe('scope_missing');
    expect((await client.keys()).keys.map(({ key_id }) => key_id)).toContain(made.key_id);
    await client.revokeKey(made.key_id);
    await waitUntil('the key to be out of use', async () => (await refusalOf(other.transaction('sdk-unknown'))) === 'unauthorised');
    const { require_signature, on_timeout } = await client.settings();
    const bands = [{ currency: 'EUR' as const, up_to_minor: 500, action: 'approve' as const }];
    try {
      expect(await client.putSettings({ require_signature, on_timeout: bands })).toMatchObject({ on_timeout: bands });
      expect(await client.settings()).toMatchObject({ on_timeout: bands });
    } finally {
      await client.putSettings({ require_signature, on_timeout });
    }
  }, 60_000);
}

function testWebhooks(open: Open): void {
  test('looks after webhooks: samples, the log, sending again, a new secret, and their end', async () => {
    const client = open();
    const events: WebhookEvent[] = [];
    let secret = '';
    const server = await receiveWebhooks({ port: 0, secret: () => secret, onEvent: (event) => void events.push(event) });
    try {
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/sdk`;
      const added = await client.addWebhook({ url, event_types: ['transaction.declined'] });
      ({ secret } = added);
      const { endpoint_id: endpoint } = added;
      const sample = await client.sendSampleEvent(endpoint, 'transaction.approved');
      await waitUntil('the sample', () => events.length === 1);
      const delivered = async () => (await client.deliveries(endpoint)).deliveries.map(({ event_id, state }) => [event_id, state]);
      await waitUntil('the log of it', async () => (await delivered())[0]?.[1] === 'delivered');
      expect(await delivered()).toEqual([[sample.event_id, 'delivered']]);
      expect((await client.replayDelivery(endpoint, sample.event_id)).event_id).toBe(sample.event_id);
      const rotated = await client.rotateWebhookSecret(endpoint);
      expect(rotated.secret).not.toBe(secret);
      ({ secret } = rotated);
      await client.sendSampleEvent(endpoint, 'transaction.declined');
      await waitUntil('a sample under the new secret', () => events.length === 2);
      expect(await client.enableWebhook(endpoint)).toMatchObject({ enabled: true });
      await client.removeWebhook(endpoint);
      expect((await client.webhooks()).endpoints.map(({ endpoint_id }) => endpoint_id)).not.toContain(endpoint);
      expect(await refusalOf(client.deliveries(endpoint))).toBe('webhook_unknown');
    } finally {
      server.close();
    }
  }, 60_000);
}
