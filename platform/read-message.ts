import { topics, type MessageOf, type TopicKey } from '@trancendos/contracts/topics';
import { compileShape, type Fits } from './compile-shape.ts';

/** Why a text is no message of its topic: paths and kinds of what does not fit, without values. */
export class Unreadable {
  readonly code: 'not_json' | 'schema_mismatch';
  readonly detail: string;

  constructor(code: Unreadable['code'], detail: string) {
    this.code = code;
    this.detail = detail;
  }
}

/** Compiled when a topic is first read, or by `prepareReading`. */
const compiled = new Map<TopicKey, Fits | undefined>();

/** Compiles what is needed to read messages of `topic`, which takes some 10 ms that the first of them then need not wait for. */
export function prepareReading(topic: TopicKey): Fits | undefined {
  if (!compiled.has(topic)) compiled.set(topic, compileShape(topics[topic].schema));
  return compiled.get(topic);
}

/** Reads a message by the shape of its topic. */
export function readMessage<K extends TopicKey>(topic: K, text: string): MessageOf<K> | Unreadable {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return new Unreadable('not_json', 'not JSON');
  }
  if (prepareReading(topic)?.(json)) return json as MessageOf<K>;
  const parsed = topics[topic].schema.safeParse(json);
  return parsed.success ? (parsed.data as MessageOf<K>) : new Unreadable('schema_mismatch', describe(parsed.error.issues));
}

/** The paths that do not fit, without their values. */
function describe(issues: readonly { path: PropertyKey[]; code?: string }[]): string {
  return issues
    .slice(0, 10)
    .map((issue) => `/${issue.path.map(String).join('/')} ${issue.code ?? 'does not fit'}`)
    .join('; ');
}
