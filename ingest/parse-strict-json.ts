import { isStorable } from '@trancendos/contracts/text';
import { isPlainJson } from './is-plain-json.ts';
import type { Refusal } from './refusal.ts';

/** A key or a string, decoded, or a number as it was written. */
export interface Scalar {
  readonly kind: 'key' | 'string' | 'number';
  readonly text: string;
  /** JSON pointer of the value; of a key: the value that it names. Made only when asked for. */
  readonly pointer: () => string;
}

/** What is asked of the scalars of a body, besides that the body is strict. */
export interface ScalarChecks {
  /** Looks at every scalar, in order; the first refusal ends the reading. */
  readonly check: (scalar: Scalar) => Refusal | undefined;
  /** Whether `check` refuses no string, number or name that stands in this text. A quick look: false where only a closer one can tell. */
  readonly refusesNoneOf: (text: string) => boolean;
}

const DEPTH_MAX = 8;
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Parses a body that must mean the same to every reader: strict UTF-8, no field twice, no `__proto__`, at most 8 levels, and no text that a
 * database could not keep.
 * Details never quote the body.
 */
export function parseStrictJson(bytes: Uint8Array, { check, refusesNoneOf }: ScalarChecks): { readonly value: unknown } | Refusal {
  let text: string;
  let value: unknown;
  try {
    text = decoder.decode(bytes);
    value = JSON.parse(text) as unknown;
  } catch {
    return { refused: 'malformed_json' };
  }
  if (isPlainJson(text, value, DEPTH_MAX) && refusesNoneOf(text)) return { value };
  return new Walk(text, check).run() ?? { value };
}

interface Level {
  /** Keys so far; undefined in an array. */
  readonly keys: Set<string> | undefined;
  /** Where in the level the walk is: a key or an index. */
  place: string | number;
  expectsKey: boolean;
}

/** Goes once over a text that is known to be valid JSON, so it needs no grammar. */
class Walk {
  readonly #text: string;
  readonly #check: ScalarChecks['check'];
  readonly #levels: Level[] = [];
  readonly #pointer = () => renderPointer(this.#levels.map((level) => level.place));

  constructor(text: string, check: ScalarChecks['check']) {
    this.#text = text;
    this.#check = check;
  }

  run(): Refusal | undefined {
    const tokens = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d[\d.eE+-]*|[{}[\],]/g;
    for (let found = tokens.exec(this.#text); found; found = tokens.exec(this.#text)) {
      const refusal = this.#take(found[0]);
      if (refusal) return refusal;
    }
    return undefined;
  }

  #take(token: string): Refusal | undefined {
    const level = this.#levels.at(-1);
    switch (token[0]) {
      case '{':
      case '[':
        return this.#open(token);
      case '}':
      case ']':
        this.#levels.pop();
        return undefined;
      case ',':
        if (level?.keys) level.expectsKey = true;
        else if (level) level.place = Number(level.place) + 1;
        return undefined;
      case '"':
        return this.#takeString(token.includes('\\') ? (JSON.parse(token) as string) : token.slice(1, -1), level);
      default:
        return this.#check({ kind: 'number', text: token, pointer: this.#pointer });
    }
  }

  #open(bracket: string): Refusal | undefined {
    if (this.#levels.length === DEPTH_MAX)
      return { refused: 'malformed_json', detail: `The body is nested deeper than ${DEPTH_MAX} levels.` };
    const isObject = bracket === '{';
    this.#levels.push({ keys: isObject ? new Set() : undefined, place: 0, expectsKey: isObject });
    return undefined;
  }

  #takeString(text: string, level: Level | undefined): Refusal | undefined {
    if (!level?.expectsKey) {
      if (!isStorable(text))
        return {
          refused: 'invalid_field',
          misfits: [{ pointer: this.#pointer(), detail: 'text without NUL and without half a surrogate pair' }],
        };
      return this.#check({ kind: 'string', text, pointer: this.#pointer });
    }
    level.expectsKey = false;
    level.place = text;
    if (text === '__proto__') {
      return { refused: 'unknown_field', misfits: [{ pointer: this.#pointer(), detail: 'not a field of this request' }] };
    }
    if (level.keys?.has(text)) return { refused: 'malformed_json', detail: 'The body gives a field twice.' };
    level.keys?.add(text);
    return this.#check({ kind: 'key', text, pointer: this.#pointer });
  }
}

/** A JSON pointer (RFC 6901). Names that are not plain identifiers are left out with all below them: they may be card numbers or secrets. */
export function renderPointer(path: readonly PropertyKey[]): string {
  let pointer = '';
  for (const step of path) {
    const name = String(step);
    if (!/^[A-Za-z_][A-Za-z0-9_]{0,39}$|^\d{1,6}$/.test(name)) break;
    pointer += `/${name}`;
  }
  return pointer;
}
