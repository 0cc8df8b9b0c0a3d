import { hash } from 'node:crypto';

/**
 * The id of the transfer that `facts` give rise to: always the same for the same facts, so that whatever happens twice can move money only
 * once. The first 48 bits are `atMs` (milliseconds since the epoch), so that ids sort by time; the rest is the SHA-256 of the facts, laid
 * out as UUIDv8 (RFC 9562, section 5.8).
 */
export function deriveTransferId(atMs: number, ...facts: readonly string[]): string {
  // Ids of merchants and transactions contain no line feed, so no two lists of facts run into the same text.
  const digest = hash('sha256', facts.join('\n'), 'hex');
  const time = Math.max(0, Math.trunc(atMs)).toString(16).padStart(12, '0');
  const variant = ((parseInt(digest.charAt(3), 16) & 0x3) | 0x8).toString(16);
  return `tr_${time.slice(0, 8)}-${time.slice(8, 12)}-8${digest.slice(0, 3)}-${variant}${digest.slice(4, 7)}-${digest.slice(7, 19)}`;
}
