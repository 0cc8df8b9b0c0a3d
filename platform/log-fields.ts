import { traceIdOf } from './trace-id.ts';

/** What a field may hold. Whatever else is given, an object above all, is dropped: bodies and messages cannot slip into a log. */
type Kind = 'text' | 'number' | 'flag' | 'words';
interface LogField {
  /** In the Elastic Common Schema, or ours below `trancendos.`. */
  readonly name: string;
  readonly kind: Kind;
}

const text = (name: string) => ({ name, kind: 'text' }) as const;
const number = (name: string) => ({ name, kind: 'number' }) as const;
const flag = (name: string) => ({ name, kind: 'flag' }) as const;
const words = (name: string) => ({ name, kind: 'words' }) as const;

/**
 * Everything that a line of a log may say besides its message and an error: no field that is not here is written. No entry may hold what a
 * person typed, a body, a header, a name or a number of a card or an account's owner.
 */
const LOG_FIELDS = {
  /** The id of the request that everything here follows from (`req_...`); `trace.id` is made from it. */
  correlationId: text('http.request.id'),
  spanId: text('span.id'),
  /** What happened, for a search: `payment-decided`. */
  event: text('event.action'),
  route: text('http.route'),
  status: number('http.response.status_code'),

  merchantId: text('trancendos.merchant_id'),
  transactionId: text('trancendos.transaction_id'),
  decisionId: text('trancendos.decision_id'),
  action: text('trancendos.action'),
  actor: text('trancendos.actor'),
  score: number('trancendos.score'),
  reasons: words('trancendos.reasons'),
  model: text('trancendos.model'),
  money: text('trancendos.money'),
  degraded: words('trancendos.degraded_causes'),
  ledgerSeq: number('trancendos.ledger_seq'),
  decidedAfterMs: number('trancendos.decided_after_ms'),

  group: text('trancendos.group'),
  topic: text('trancendos.topic'),
  partition: number('trancendos.partition'),
  offset: text('trancendos.offset'),
  messages: number('trancendos.messages'),
  driver: text('trancendos.driver'),
  follows: words('trancendos.follows'),

  code: text('trancendos.code'),
  detail: text('trancendos.detail'),
  cause: text('trancendos.cause'),
  why: text('trancendos.why'),
  errors: words('trancendos.errors'),
  chore: text('trancendos.chore'),
  waiting: number('trancendos.waiting'),
  retryInMs: number('trancendos.retry_in_ms'),
  tookMs: number('trancendos.took_ms'),
  port: number('trancendos.port'),
  epoch: text('trancendos.epoch'),
  schema: text('trancendos.schema'),
  migration: text('trancendos.migration'),

  keyId: text('trancendos.key_id'),
  newKeys: number('trancendos.new_keys'),
  dropped: number('trancendos.dropped'),
  deleted: number('trancendos.deleted'),
  opened: number('trancendos.opened'),
  currency: text('trancendos.currency'),
  staleHolds: number('trancendos.stale_holds'),
  sequenceGaps: number('trancendos.sequence_gaps'),
  from: number('trancendos.from'),
  to: number('trancendos.to'),
  decisions: number('trancendos.decisions'),
  control: text('trancendos.control'),
  snapshot: text('trancendos.snapshot'),
  fromSnapshot: flag('trancendos.from_snapshot'),
  customers: number('trancendos.customers'),
  terminals: number('trancendos.terminals'),
  compared: number('trancendos.compared'),
  equal: number('trancendos.equal'),
  mismatch: text('trancendos.mismatch'),
} as const satisfies Readonly<Record<string, LogField>>;

interface ValueOf {
  readonly text: string;
  readonly number: number;
  readonly flag: boolean;
  readonly words: readonly string[];
}

/** What a line may say. `err` takes whatever was thrown: its type, message, stack and causes are written. */
export type LogFields = {
  readonly [N in keyof typeof LOG_FIELDS]?: ValueOf[(typeof LOG_FIELDS)[N]['kind']] | undefined;
} & { readonly err?: unknown };

const TABLE = new Map<string, LogField>(Object.entries(LOG_FIELDS));
const TEXT_MAX = 1_000;
const WORDS_MAX = 20;
const STACK_MAX = 8_000;
const CAUSES_MAX = 5;

/** How fields are called in the output: `ecs` for machines, `plain` for a person's terminal. */
export type FieldNames = 'ecs' | 'plain';

/**
 * The fields of a line as they are written. Those that are not in the list, or hold another kind of value, are left out; `onDropped` hears
 * how many.
 */
export function pickLogFields(
  given: Readonly<Record<string, unknown>>,
  names: FieldNames,
  onDropped: (count: number) => void,
): Record<string, unknown> {
  const picked: Record<string, unknown> = {};
  let dropped = 0;
  for (const key in given) {
    const value = given[key];
    if (value === undefined) continue;
    if (key === 'err') {
      Object.assign(picked, describeError(value));
      continue;
    }
    const field = TABLE.get(key);
    const fitting = field && fit(field.kind, value);
    if (field === undefined || fitting === undefined) {
      dropped++;
      continue;
    }
    picked[names === 'ecs' ? field.name : key] = fitting;
    if (key === 'correlationId' && names === 'ecs') picked['trace.id'] = traceIdOf(value as string);
  }
  if (dropped > 0) onDropped(dropped);
  return picked;
}

function fit(kind: Kind, value: unknown): unknown {
  switch (kind) {
    case 'text':
      return typeof value === 'string' ? cut(value, TEXT_MAX) : undefined;
    case 'number':
      return typeof value === 'number' && Number.isFinite(value) ? Math.round(value * 1_000) / 1_000 : undefined;
    case 'flag':
      return typeof value === 'boolean' ? value : undefined;
    case 'words':
      return isWords(value) ? value.slice(0, WORDS_MAX).map((word) => cut(word, TEXT_MAX)) : undefined;
  }
}

const isWords = (value: unknown): value is readonly string[] => Array.isArray(value) && value.every((word) => typeof word === 'string');

/** What was thrown, by the names of the Elastic Common Schema. Properties that a driver has put on it (parameters, rows) are left out. */
function describeError(thrown: unknown): Record<string, string> {
  if (!(thrown instanceof Error)) {
    return { 'error.type': typeof thrown, 'error.message': typeof thrown === 'string' ? cut(thrown, TEXT_MAX) : 'not an error' };
  }
  let stack = thrown.stack ?? '';
  let cause: unknown = thrown.cause;
  for (let depth = 0; depth < CAUSES_MAX && cause instanceof Error; depth++) {
    stack += `\ncaused by ${cause.stack ?? cause.message}`;
    cause = cause.cause;
  }
  return { 'error.type': thrown.name, 'error.message': cut(thrown.message, TEXT_MAX), 'error.stack_trace': cut(stack, STACK_MAX) };
}

/** Whole words and no number at the end: half a secret would not be recognised as one. */
function cut(words: string, max: number): string {
  if (words.length <= max) return words;
  const end = Math.max(words.lastIndexOf(' ', max), words.lastIndexOf('\n', max), 0);
  return `${words.slice(0, end).replace(/[\d ._:-]+$/, '')} [cut]`;
}
