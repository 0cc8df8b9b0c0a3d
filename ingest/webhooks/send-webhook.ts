import { createHmac } from 'node:crypto';
import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { LookupFunction } from 'node:net';
import { vetTarget, type VetOptions, type VettedTarget } from './vet-target.ts';

/** One attempt. */
export interface WebhookAttempt {
  readonly url: string;
  readonly eventId: string;
  readonly body: string;
  /** The one in use first. */
  readonly secrets: readonly Buffer[];
  /** Seconds since the epoch. */
  readonly sentAtS: number;
}

/** How an attempt ended: with a status, or without an answer for a reason. */
export type AttemptResult = { readonly status: number } | { readonly error: string };

export const SECRET_PREFIX = 'whsec_';
const TIMEOUT_MS = 15_000;
const RESPONSE_BYTES_MAX = 65_536;

/**
 * Signs and sends an event by Standard Webhooks 1.0.0. The host is resolved and vetted anew and the connection goes to that very address;
 * redirects are not followed, and an answer is read up to 64 kB, within 15 s.
 */
export async function sendWebhook(attempt: WebhookAttempt, vet: VetOptions): Promise<AttemptResult> {
  const target = await vetTarget(attempt.url, vet);
  if ('refused' in target) return { error: `the address ${target.refused}` };
  return await post(target, attempt.body, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': String(Buffer.byteLength(attempt.body)),
    'user-agent': 'Trancendos-Webhooks/1',
    'webhook-id': attempt.eventId,
    'webhook-timestamp': String(attempt.sentAtS),
    'webhook-signature': attempt.secrets.map((secret) => sign(attempt, secret)).join(' '),
  });
}

function sign({ eventId, sentAtS, body }: WebhookAttempt, secret: Buffer): string {
  return `v1,${createHmac('sha256', secret).update(`${eventId}.${sentAtS}.${body}`).digest('base64')}`;
}

function post({ url, address, family }: VettedTarget, body: string, headers: Record<string, string>): Promise<AttemptResult> {
  const pinned: LookupFunction = (_host, options, done) => {
    if (options.all) done(null, [{ address, family }]);
    else done(null, address, family);
  };
  const send = url.protocol === 'https:' ? requestHttps : requestHttp;
  return new Promise((resolve) => {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const request = send(url, { method: 'POST', headers, lookup: pinned, agent: false, signal });
    request.on('error', () => resolve({ error: signal.aborted ? `no answer within ${TIMEOUT_MS / 1000} s` : 'the connection failed' }));
    request.on('response', (response) => {
      const status = response.statusCode ?? 0;
      let bytes = 0;
      const finish = () => resolve({ status });
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > RESPONSE_BYTES_MAX) request.destroy();
      });
      response.on('end', finish).on('close', finish).on('error', finish);
    });
    request.end(body);
  });
}
