import { hash } from 'node:crypto';

/**
 * SHA-256 of a validated request in one canonical spelling: field names sorted by code unit, no white space. Two bodies that say the same
 * have the same hash, whatever the order and layout of their fields (RFC 8785: numbers are
 * spelt as JavaScript spells them).
 */
export function hashRequest(request: unknown): Buffer {
  return hash('sha256', canonicalJson(request), 'buffer');
}

/** JSON in one spelling (RFC 8785): field names sorted by code unit, no white space, fields without a value left out. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  fields.sort(([left], [right]) => (left < right ? -1 : 1));
  return `{${fields.map(([name, field]) => `${JSON.stringify(name)}:${canonicalJson(field)}`).join(',')}}`;
}
