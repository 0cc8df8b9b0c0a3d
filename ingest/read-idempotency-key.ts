import { holdsCardNumber } from './find-card-number.ts';
import type { Refusal } from './refusal.ts';

const KEY_MAX = 255;

/**
 * Reads an Idempotency-Key header: 1 to 255 visible ASCII characters, bare or as the quoted string of the IETF draft
 * (draft-ietf-httpapi-idempotency-key-header). Both spellings of a key are the same key.
 */
export function readIdempotencyKey(header: string | string[] | undefined): string | Refusal {
  if (typeof header !== 'string') return { refused: 'idempotency_key_missing' };
  const quoted = /^"((?:[^"\\]|\\["\\])*)"$/.exec(header.trim());
  const key = quoted?.[1]?.replace(/\\(["\\])/g, '$1') ?? header.trim();
  if (!/^[\x21-\x7e]+$/.test(key) || key.length > KEY_MAX) return { refused: 'idempotency_key_missing' };
  if (holdsCardNumber(key)) return { refused: 'card_number_refused' };
  return key;
}
