/** JSON Schema as OpenAPI 3.1 uses it, as far as it is compared. */
interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
}
type Content = Readonly<Record<string, { readonly schema?: Schema }>>;
interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
}
interface Response {
  readonly content?: Content;
  readonly headers?: Readonly<Record<string, unknown>>;
}
interface Operation {
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly required?: boolean; readonly content: Content };
  readonly responses: Readonly<Record<string, Response>>;
}
export interface OpenApiDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

/** What a client sends may be taken less strictly than before, and what it gets may say more; never the other way round. */
type Direction = 'request' | 'response';
interface Place {
  readonly direction: Direction;
  readonly at: string;
}

/**
 * What a client of `released` could no longer rely on in `next`, a line each; empty where every change is an addition. Additions are new
 * paths, statuses, problems, response fields, values in answers, and request fields that may be left out.
 */
export function findBreakingChanges(released: OpenApiDocument, next: OpenApiDocument): string[] {
  return new Comparison(released, next).run();
}

class Comparison {
  readonly #released: OpenApiDocument;
  readonly #next: OpenApiDocument;
  readonly #found = new Set<string>();

  constructor(released: OpenApiDocument, next: OpenApiDocument) {
    this.#released = released;
    this.#next = next;
  }

  run(): string[] {
    for (const [path, methods] of Object.entries(this.#released.paths)) {
      for (const [method, operation] of Object.entries(methods)) {
        const at = `${method.toUpperCase()} ${path}`;
        const now = this.#next.paths[path]?.[method];
        if (now) this.#compareOperation(at, operation, now);
        else this.#note(at, 'is gone');
      }
    }
    return [...this.#found];
  }

  #note(at: string, what: string): void {
    this.#found.add(`${at}: ${what}`);
  }

  #compareOperation(at: string, before: Operation, now: Operation): void {
    this.#compareParameters(at, before.parameters ?? [], now.parameters ?? []);
    const [taken, takes] = [before.requestBody, now.requestBody];
    if (takes?.required === true && taken?.required !== true) this.#note(at, 'a body is needed now');
    this.#compareContent({ direction: 'request', at: `${at} body` }, taken?.content, takes?.content);
    for (const [status, response] of Object.entries(before.responses)) {
      const answer = now.responses[status];
      if (answer) this.#compareResponse(`${at} ${status}`, response, answer);
      else if (status.startsWith('2')) this.#note(at, `is never answered ${status} any more`);
    }
  }

  #compareParameters(at: string, before: readonly Parameter[], now: readonly Parameter[]): void {
    for (const { name, in: where } of now.filter(({ required }) => required)) {
      const known = before.find((parameter) => parameter.name === name && parameter.in === where);
      if (known?.required !== true) this.#note(at, `the ${where} parameter ${name} is needed now`);
    }
  }

  #compareResponse(at: string, before: Response, now: Response): void {
    this.#compareContent({ direction: 'response', at }, before.content, now.content);
    for (const name of missingFrom(Object.keys(now.headers ?? {}), Object.keys(before.headers ?? {})))
      this.#note(at, `the header ${name} is gone`);
  }

  #compareContent(place: Place, before: Content = {}, now: Content = {}): void {
    for (const [type, { schema }] of Object.entries(before)) {
      const same = now[type]?.schema;
      if (!now[type]) this.#note(place.at, `${type} is gone`);
      else if (schema && same) this.#compare(place, schema, same, 0);
    }
  }

  #compare(place: Place, one: Schema, other: Schema, depth: number): void {
    if (depth > 20) return; // deeper than any shape of ours, unless it contains itself
    const before = resolve(this.#released, one);
    const now = resolve(this.#next, other);
    this.#compareKinds(place, before, now);
    this.#compareValues(place, before, now);
    this.#compareFields(place, before, now, depth);
    if (before.items && now.items) this.#compare({ ...place, at: `${place.at}[]` }, before.items, now.items, depth + 1);
  }

  #compareKinds({ direction, at }: Place, before: Schema, now: Schema): void {
    const [old, fresh] = [kindsOf(this.#released, before), kindsOf(this.#next, now)];
    const [must, may] = direction === 'request' ? [old, fresh] : [fresh, old];
    if (may.size === 0) return;
    for (const kind of must) {
      if (may.has(kind) || (kind === 'integer' && may.has('number'))) continue;
      this.#note(at, direction === 'request' ? `${kind} is not taken any more` : `may be ${kind} now`);
    }
  }

  #compareValues({ direction, at }: Place, before: Schema, now: Schema): void {
    if (direction === 'response') return; // new values in answers are additions
    const [taken, takes] = [valuesOf(before), valuesOf(now)];
    for (const value of taken ?? []) if (takes?.includes(value) === false) this.#note(at, `${String(value)} is not taken any more`);
    if (takes && !taken) this.#note(at, 'only some values are taken now');
    if (now.pattern !== undefined && now.pattern !== before.pattern) this.#note(at, 'another pattern is asked for');
    for (const limit of limitsTightened(before, now)) this.#note(at, limit);
  }

  #compareFields(place: Place, before: Schema, now: Schema, depth: number): void {
    for (const [name, field] of Object.entries(before.properties ?? {})) {
      const at = `${place.at}/${name}`;
      const same = now.properties?.[name];
      if (same) this.#compare({ ...place, at }, field, same, depth + 1);
      else this.#note(at, 'is gone');
    }
    if (place.direction === 'request') {
      for (const name of missingFrom(before.required, now.required)) this.#note(`${place.at}/${name}`, 'is needed now');
    } else {
      const there = missingFrom(now.required, before.required).filter((name) => now.properties?.[name] !== undefined);
      for (const name of there) this.#note(`${place.at}/${name}`, 'may be missing now');
    }
  }
}

const HIGHEST = ['maximum', 'maxLength', 'maxItems'] as const;
const LOWEST = ['minimum', 'minLength', 'minItems'] as const;

function limitsTightened(before: Schema, now: Schema): string[] {
  const lower = HIGHEST.filter((limit) => (now[limit] ?? Infinity) < (before[limit] ?? Infinity));
  const higher = LOWEST.filter((limit) => (now[limit] ?? -Infinity) > (before[limit] ?? -Infinity));
  return [...lower.map((limit) => `${limit} is lower`), ...higher.map((limit) => `${limit} is higher`)];
}

/** Undefined where any value is taken. */
function valuesOf(schema: Schema): readonly unknown[] | undefined {
  return schema.enum ?? (schema.const === undefined ? undefined : [schema.const]);
}

function missingFrom(list: readonly string[] = [], names: readonly string[] = []): string[] {
  return names.filter((name) => !list.includes(name));
}

function resolve(document: OpenApiDocument, schema: Schema): Schema {
  const name = schema.$ref?.split('/').at(-1);
  if (name === undefined) return schema;
  const found = document.components.schemas[name];
  if (!found) throw new Error(`the document lacks ${String(schema.$ref)}`);
  return found;
}

/** The JSON types that a schema takes; empty for any. */
function kindsOf(document: OpenApiDocument, schema: Schema): Set<string> {
  const resolved = resolve(document, schema);
  const parts = resolved.anyOf ?? resolved.oneOf;
  if (parts) return new Set(parts.flatMap((part) => [...kindsOf(document, part)]));
  return new Set(resolved.type === undefined ? [] : [resolved.type].flat());
}
