import type { WebhookEvent } from '@trancendos/contracts/webhook';

/** The headers of a delivery, by their names in small letters: what Node, Fetch and most frameworks give. */
export type WebhookHeaders = Headers | Readonly<Record<string, string | readonly string[] | undefined>>;

export interface WebhookOptions {
  /** As the API showed it: `whsec_...`. Several during a rotation. */
  readonly secret: string | readonly string[];
  /** How far the time of sending may be from now. Default 300. */
  readonly toleranceS?: number;
  /** Milliseconds since the epoch. Default: the clock. */
  readonly nowMs?: number;
}

/** A delivery that is not ours, was changed on its way, or is too old to be answered. */
export class WebhookVerificationError extends Error {
  override readonly name = 'WebhookVerificationError';
}

const SECRET_PREFIX = 'whsec_';
const TOLERANCE_S = 300;

/**
 * Checks a delivery by Standard Webhooks 1.0.0 and gives its event; `body` is what came in, byte for byte. An event may come twice under
 * the same `webhook-id`: go by the id. Throws `WebhookVerificationError`.
 */
export async function verifyWebhook(headers: WebhookHeaders, body: string, options: WebhookOptions): Promise<WebhookEvent> {
  const id = headerOf(headers, 'webhook-id');
  const timestamp = headerOf(headers, 'webhook-timestamp');
  const signatures = headerOf(headers, 'webhook-signature');
  const { secret, toleranceS = TOLERANCE_S, nowMs = Date.now() } = options;
  const ageS = Math.abs(nowMs / 1000 - Number(timestamp));
  if (!/^\d+$/.test(timestamp) || ageS > toleranceS) throw new WebhookVerificationError('the delivery is too old, or its clock is off');
  const signed = new TextEncoder().encode(`${id}.${timestamp}.${body}`);
  for (const each of typeof secret === 'string' ? [secret] : secret) {
    const key = await importSecret(each);
    for (const signature of readSignatures(signatures)) {
      // Compared by the runtime, in a time that says nothing.
      if (await crypto.subtle.verify('HMAC', key, signature, signed)) return JSON.parse(body) as WebhookEvent;
    }
  }
  throw new WebhookVerificationError('no signature fits the secret');
}

function headerOf(headers: WebhookHeaders, name: string): string {
  const value = headers instanceof Headers ? headers.get(name) : headers[name];
  if (typeof value !== 'string' || value === '') throw new WebhookVerificationError(`the header ${name} is missing`);
  return value;
}

function readSignatures(header: string): Uint8Array<ArrayBuffer>[] {
  return header
    .split(' ')
    .filter((signature) => signature.startsWith('v1,'))
    .flatMap((signature) => bytesOf(signature.slice('v1,'.length)) ?? []);
}

function importSecret(secret: string): ReturnType<typeof crypto.subtle.importKey> {
  const bytes = bytesOf(secret.startsWith(SECRET_PREFIX) ? secret.slice(SECRET_PREFIX.length) : secret);
  if (!bytes || bytes.length === 0) throw new WebhookVerificationError('the secret is not one: whsec_ and base64');
  return crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['verify']);
}

/** Undefined for what is not base64. */
function bytesOf(base64: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  } catch {
    return undefined;
  }
}
