import { PROBLEMS } from '@trancendos/contracts/http';
import { metrics } from '@trancendos/platform/metrics';
import { renderProblem, type Refusal } from './refusal.ts';

/** An answer of the merchant API, whole: what the HTTP shell sends as it is. */
export interface Reply {
  readonly status: number;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

const JSON_TYPE = 'application/json; charset=utf-8';
const PROBLEM_TYPE = 'application/problem+json; charset=utf-8';
/** A moment in which most of what is away comes back. */
const RETRY_AFTER_S = '1';

export function jsonReply(status: number, body: string, headers: Readonly<Record<string, string>> = {}): Reply {
  return { status, body, headers: { 'content-type': JSON_TYPE, ...headers } };
}

/** The answer to a request that is not served; counted by its code. */
export function problemReply(refusal: Refusal, requestId: string, headers: Readonly<Record<string, string>> = {}): Reply {
  metrics.problems.inc({ code: refusal.refused });
  const { status } = PROBLEMS[refusal.refused];
  const retry = status === 503 ? { 'retry-after': RETRY_AFTER_S } : {};
  const body = JSON.stringify(renderProblem(refusal, requestId));
  return { status, body, headers: { 'content-type': PROBLEM_TYPE, ...retry, ...headers } };
}
