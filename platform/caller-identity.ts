import { createHmac, timingSafeEqual } from 'node:crypto';
import { Caller } from '@trancendos/contracts/caller';

/** A shared secret with the name that it is known by. */
export interface CallerKey {
  readonly id: string;
  readonly secret: Buffer;
}

/** How long a signed identity is good for: it is made for one request and used at once. */
export const CALLER_LIFE_MS = 30_000;
/** How far the clocks of two machines may be apart. */
export const CLOCK_SKEW_MS = 5_000;
const HEADER_LENGTH_MAX = 4_096;
const SHAPE = /^([A-Za-z0-9_-]{1,32})\.([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]{43})$/;

/** Why an identity does not hold. */
export type CallerRefusal = 'malformed' | 'key_unknown' | 'forged' | 'not_yet' | 'expired' | 'other_audience';
export type VerifiedCaller =
  { readonly kind: 'verified'; readonly caller: Caller } | { readonly kind: 'refused'; readonly reason: CallerRefusal };

/** The value of `CALLER_HEADER` for `identity`: key id, payload and an HMAC-SHA256 over both. Good for `CALLER_LIFE_MS` from `nowMs`. */
export function signCaller(identity: Omit<Caller, 'issued_at_ms' | 'expires_at_ms'>, key: CallerKey, nowMs: number): string {
  const issuedAtMs = Math.floor(nowMs);
  const caller: Caller = { ...identity, issued_at_ms: issuedAtMs, expires_at_ms: issuedAtMs + CALLER_LIFE_MS };
  const signed = `${key.id}.${Buffer.from(JSON.stringify(caller)).toString('base64url')}`;
  return `${signed}.${macOf(signed, key)}`;
}

export interface CallerVerification {
  /** All that count at the moment: a new key is known here before the gateway signs with it. */
  readonly keys: readonly CallerKey[];
  readonly audience: Caller['audience'];
  readonly nowMs: number;
}

/** Who a header's value speaks of, where a known key has signed it for this service and it is neither old nor from the future. Never throws. */
export function verifyCaller(header: string, { keys, audience, nowMs }: CallerVerification): VerifiedCaller {
  const refused = (reason: CallerRefusal): VerifiedCaller => ({ kind: 'refused', reason });
  const [, keyId, payload, mac] = (header.length <= HEADER_LENGTH_MAX && SHAPE.exec(header)) || [];
  if (keyId === undefined || payload === undefined || mac === undefined) return refused('malformed');
  const key = keys.find(({ id }) => id === keyId);
  if (!key) return refused('key_unknown');
  // As texts, both of 43 characters: one mac has one spelling.
  if (!timingSafeEqual(Buffer.from(macOf(`${keyId}.${payload}`, key)), Buffer.from(mac))) return refused('forged');
  const caller = readCaller(payload);
  if (!caller) return refused('malformed');
  if (caller.audience !== audience) return refused('other_audience');
  if (caller.issued_at_ms > nowMs + CLOCK_SKEW_MS) return refused('not_yet');
  const endsAtMs = Math.min(caller.expires_at_ms, caller.issued_at_ms + CALLER_LIFE_MS);
  return endsAtMs + CLOCK_SKEW_MS <= nowMs ? refused('expired') : { kind: 'verified', caller };
}

/** The first word keeps a signature of ours from being taken for one of something else under the same key. */
function macOf(signed: string, { secret }: CallerKey): string {
  return createHmac('sha256', secret).update(`trx-caller-v1\n${signed}`).digest('base64url');
}

function readCaller(payload: string): Caller | undefined {
  try {
    return Caller.safeParse(JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'))).data;
  } catch {
    return undefined;
  }
}
