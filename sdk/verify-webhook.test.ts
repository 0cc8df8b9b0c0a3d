import { describe, expect, test } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { verifyWebhook, WebhookVerificationError } from './verify-webhook.ts';

const SECRET = `whsec_${Buffer.alloc(32, 9).toString('base64')}`;
const OTHER = `whsec_${Buffer.alloc(32, 4).toString('base64')}`;
const BODY = '{"type":"transaction.approved","timestamp":"2026-05-01T16:04:11.482Z","data":{}}';
const NOW_MS = Date.parse('2026-05-01T16:04:12.000Z');

/** Signed by the library of the standard, which is not ours. */
const headersBy = (secret: string, atMs = NOW_MS) => ({
  'webhook-id': 'evt_1',
  'webhook-timestamp': String(Math.floor(atMs / 1000)),
  'webhook-signature': new Webhook(secret).sign('evt_1', new Date(atMs), BODY),
});

describe('a delivery', () => {
  test('that anybody has signed by the standard is verified, with plain headers and with Headers', async () => {
    const event = await verifyWebhook(headersBy(SECRET), BODY, { secret: SECRET, nowMs: NOW_MS });
    expect(event.type).toBe('transaction.approved');
    await expect(verifyWebhook(new Headers(headersBy(SECRET)), BODY, { secret: SECRET, nowMs: NOW_MS })).resolves.toEqual(event);
  });

  test('is verified through a rotation, by either secret', async () => {
    const both = `${headersBy(OTHER)['webhook-signature']} ${headersBy(SECRET)['webhook-signature']} v2,unknown v1,%%%`;
    const headers = { ...headersBy(SECRET), 'webhook-signature': both };
    await expect(verifyWebhook(headers, BODY, { secret: SECRET, nowMs: NOW_MS })).resolves.toBeDefined();
    await expect(verifyWebhook(headersBy(OTHER), BODY, { secret: [SECRET, OTHER], nowMs: NOW_MS })).resolves.toBeDefined();
  });

  test.each([
    ['that was changed', headersBy(SECRET), BODY.replace('approved', 'declined'), SECRET],
    ['signed with another secret', headersBy(OTHER), BODY, SECRET],
    ['that is too old', headersBy(SECRET, NOW_MS - 301_000), BODY, SECRET],
    ['from the future', headersBy(SECRET, NOW_MS + 301_000), BODY, SECRET],
    ['without a signature', { ...headersBy(SECRET), 'webhook-signature': '' }, BODY, SECRET],
    ['checked with what is no secret', headersBy(SECRET), BODY, 'whsec_'],
  ])('%s is refused', async (_what, headers, body, secret) => {
    await expect(verifyWebhook(headers, body, { secret, nowMs: NOW_MS })).rejects.toThrow(WebhookVerificationError);
  });
});
