import { ARCHIVE_PROBLEMS, type ArchiveProblem, type ArchiveProblemCode } from '@trancendos/contracts/archive';
import { metrics } from '@trancendos/platform/metrics';

/** What an answer is sent through: the reply of the HTTP server. */
export interface ReplyChannel {
  readonly raw: { readonly destroyed: boolean };
  code(status: number): ReplyChannel;
  headers(values: Record<string, unknown>): ReplyChannel;
  send(body: string): unknown;
}

/** An answer of the archive's API, whole. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Why a request is not answered; `detail` says what to do about it. */
export interface Refusal {
  readonly code: ArchiveProblemCode;
  readonly detail: string;
  readonly errors?: ArchiveProblem['errors'];
  readonly headers?: Readonly<Record<string, string>>;
}

const JSON_TYPE = 'application/json; charset=utf-8';
const PROBLEM_TYPE = 'application/problem+json; charset=utf-8';
const RETRY_AFTER_S = '1';

export function jsonReply(value: object): Reply {
  return { status: 200, headers: { 'content-type': JSON_TYPE }, body: JSON.stringify(value) };
}

/** A refusal as RFC 9457 problem details, counted by its code. */
export function problemReply({ code, detail, errors, headers }: Refusal, requestId: string): Reply {
  metrics.problems.inc({ code });
  const { status, title } = ARCHIVE_PROBLEMS[code];
  const type = `/problems/${code.replaceAll('_', '-')}`;
  const problem: ArchiveProblem = { type, title, status, code, detail, request_id: requestId, ...(errors && { errors }) };
  const retry = status === 503 ? { 'retry-after': RETRY_AFTER_S } : {};
  return { status, headers: { 'content-type': PROBLEM_TYPE, ...retry, ...headers }, body: JSON.stringify(problem) };
}

/** Sends an answer as it is. Does nothing when the caller is gone. */
export function send(channel: ReplyChannel, { status, headers, body }: Reply): void {
  if (channel.raw.destroyed) return;
  void channel.code(status).headers(headers).send(body);
}
