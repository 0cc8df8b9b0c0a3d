import { SCORING_PROBLEMS, type ScoringProblem, type ScoringProblemCode } from '@trancendos/contracts/scoring-http';
import { metrics } from '@trancendos/platform/metrics';

/** An answer of scoring's API, whole. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Why a request is not answered; `detail` says what to do about it. */
export interface Refusal {
  readonly code: ScoringProblemCode;
  readonly detail: string;
  readonly errors?: ScoringProblem['errors'];
}

const ERRORS_MAX = 50;

export function jsonReply(value: object): Reply {
  return { status: 200, headers: { 'content-type': 'application/json; charset=utf-8' }, body: JSON.stringify(value) };
}

/** A refusal as RFC 9457 problem details, counted by its code. */
export function problemReply({ code, detail, errors }: Refusal, requestId: string): Reply {
  metrics.problems.inc({ code });
  const { status, title } = SCORING_PROBLEMS[code];
  const type = `/problems/${code.replaceAll('_', '-')}`;
  const listed = errors && errors.length > 0 ? { errors: errors.slice(0, ERRORS_MAX) } : {};
  const problem: ScoringProblem = { type, title, status, code, detail, request_id: requestId, ...listed };
  const retry = status === 503 ? { 'retry-after': '1' } : {};
  return { status, headers: { 'content-type': 'application/problem+json; charset=utf-8', ...retry }, body: JSON.stringify(problem) };
}
