import { hash } from 'node:crypto';
import { canonicalJson } from './canonical-json.ts';

/** SHA-256 of a validated request in one spelling: two bodies that say the same have the same hash, whatever the order and layout of their fields. */
export function hashRequest(request: unknown): Buffer {
  return hash('sha256', canonicalJson(request), 'buffer');
}
