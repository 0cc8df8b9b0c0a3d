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
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value))
    return value.every((item) => typeof item === 'number') ? JSON.stringify(value) : `[${value.map(canonicalJson).join(',')}]`;
  let text = '';
  for (const name of Object.keys(value).sort()) {
    const field = (value as Record<string, unknown>)[name];
    if (field !== undefined) text += `${text === '' ? '{' : ','}${spellName(name)}:${canonicalJson(field)}`;
  }
  return text === '' ? '{}' : `${text}}`;
}

/** Names of fields are few, and spelt again and again. */
const SPELT = new Map<string, string>();
const SPELT_MAX = 1_000;

function spellName(name: string): string {
  let spelt = SPELT.get(name);
  if (spelt === undefined) {
    spelt = JSON.stringify(name);
    if (SPELT.size < SPELT_MAX) SPELT.set(name, spelt);
  }
  return spelt;
}
