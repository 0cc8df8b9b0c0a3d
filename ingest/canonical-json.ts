/**
 * JSON in one spelling (RFC 8785): field names sorted by code unit, no white space, fields without a value left out, numbers as JavaScript
 * spells them. Half the time that sorting the fields of each object and writing each value by `JSON.stringify` would take: the objects that
 * are spelt here have few sets of fields, and most of their texts need no escaping.
 */
export function canonicalJson(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return PLAIN.test(value) ? `"${value}"` : JSON.stringify(value);
    case 'number':
      return Number.isFinite(value) ? `${value}` : 'null';
    case 'boolean':
      return value ? 'true' : 'false';
    default:
      if (typeof value !== 'object' || value === null) return JSON.stringify(value);
      return Array.isArray(value) ? spellArray(value) : spellObject(value);
  }
}

/** Printable ASCII without quote and backslash: JSON spells it as it is. */
const PLAIN = /^[ !#-[\]-~]*$/;

function spellArray(items: readonly unknown[]): string {
  // The features of a decision; one call for all of them.
  return items.every((item) => typeof item === 'number') ? JSON.stringify(items) : `[${items.map(canonicalJson).join(',')}]`;
}

function spellObject(value: object): string {
  const { sorted, spelt } = fieldsOf(value);
  let text = '';
  for (let place = 0; place < sorted.length; place++) {
    const field = (value as Record<string, unknown>)[sorted[place] as string];
    if (field !== undefined) text += `${text === '' ? '{' : ','}${spelt[place] as string}${canonicalJson(field)}`;
  }
  return text === '' ? '{}' : `${text}}`;
}

/** A set of fields, in the order in which an object has them and sorted; `spelt` with their colons. */
interface Fields {
  readonly names: readonly string[];
  readonly sorted: readonly string[];
  readonly spelt: readonly string[];
}

/** Sets of fields that have been seen, by their number. More with the same number of fields are sorted each time: a sender can make them up. */
const seen = new Map<number, Fields[]>();
const SEEN_MAX = 16;
const FIELDS_MAX = 64;

function fieldsOf(value: object): Fields {
  const names = Object.keys(value);
  const alike = seen.get(names.length) ?? [];
  for (const fields of alike) if (names.every((name, place) => name === fields.names[place])) return fields;
  const sorted = [...names].sort();
  const fields = { names, sorted, spelt: sorted.map((name) => `${JSON.stringify(name)}:`) };
  if (alike.length < SEEN_MAX && names.length <= FIELDS_MAX) seen.set(names.length, [...alike, fields]);
  return fields;
}
