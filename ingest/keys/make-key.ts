import { hash, randomBytes } from 'node:crypto';
import { writeKey, type KeyMode } from '@trancendos/contracts/api-key';

/** A key that was just made, with what is kept of it. */
export interface MadeKey {
  /** Shown once. */
  readonly key: string;
  readonly sha256: Buffer;
  readonly hint: string;
  /** For signatures by RFC 9421. */
  readonly signingSecret: Buffer;
}

const KEY_BYTES = 43;
/** The greatest multiple of 62 within a byte: what is above it would favour some letters. */
const UNBIASED_BELOW = 248;

/** Makes a key of 256 random bits. */
export function makeKey(mode: KeyMode): MadeKey {
  const bytes: number[] = [];
  while (bytes.length < KEY_BYTES) bytes.push(...randomBytes(2 * KEY_BYTES).filter((byte) => byte < UNBIASED_BELOW));
  const key = writeKey(mode, Uint8Array.from(bytes.slice(0, KEY_BYTES)));
  return { key, sha256: hashKey(key), hint: key.slice(-4), signingSecret: randomBytes(32) };
}

/** A key is looked up by its SHA-256: with 256 random bits in it, nothing slower is needed. */
export function hashKey(key: string): Buffer {
  return hash('sha256', key, 'buffer');
}
