import { metrics } from './metrics.ts';

/** What an answer is sent through: the reply of the HTTP server. */
export interface ReplyChannel {
  readonly raw: { readonly destroyed: boolean };
  code(status: number): ReplyChannel;
  headers(values: Record<string, unknown>): ReplyChannel;
  send(body: string): unknown;
}

/** An answer over HTTP, whole. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Why a request is not answered, by one of an API's own codes; `detail` says what to do about it. */
export interface RefusalOf<Code extends string> {
  readonly code: Code;
  readonly detail: string;
  /** Where it is, as JSON pointers (RFC 6901) with what is expected there. */
  readonly errors?: { pointer: string; detail: string }[] | undefined;
  readonly headers?: Readonly<Record<string, string>>;
}

const JSON_TYPE = 'application/json; charset=utf-8';
const PROBLEM_TYPE = 'application/problem+json; charset=utf-8';
const RETRY_AFTER_S = '1';

export function jsonReply(value: object): Reply {
  return { status: 200, headers: { 'content-type': JSON_TYPE }, body: JSON.stringify(value) };
}

/** A refusal as RFC 9457 problem details, counted by its code. `known`: status and title of every code of the API. */
export function renderProblem<Code extends string>(
  known: Readonly<Record<Code, { readonly status: number; readonly title: string }>>,
  { code, detail, errors, headers }: RefusalOf<Code>,
  requestId: string,
): Reply {
  metrics.problems.inc({ code });
  const { status, title } = known[code];
  const type = `/problems/${code.replaceAll('_', '-')}`;
  const problem = { type, title, status, code, detail, request_id: requestId, ...(errors && errors.length > 0 && { errors }) };
  const retry = status === 503 ? { 'retry-after': RETRY_AFTER_S } : {};
  return { status, headers: { 'content-type': PROBLEM_TYPE, ...retry, ...headers }, body: JSON.stringify(problem) };
}

/** Sends an answer as it is. Does nothing when the caller is gone. */
export function send(channel: ReplyChannel, { status, headers, body }: Reply): void {
  if (channel.raw.destroyed) return;
  void channel.code(status).headers(headers).send(body);
}
