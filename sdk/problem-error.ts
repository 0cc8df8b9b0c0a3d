import type { Problem, ProblemCode } from '@trancendos/contracts/http';

/** Why a request was not served. Decide by `code`; `problem` names the fields that do not fit. */
export class TrancendosError extends Error {
  override readonly name = 'TrancendosError';
  /** The HTTP status; undefined where there was no answer. */
  readonly status: number | undefined;
  /** `no_answer`: nothing came back within all attempts. What was sent may have happened: send the same again, under the same key. */
  readonly code: ProblemCode | 'no_answer' | 'unreadable_answer';
  readonly problem: Problem | undefined;

  constructor(told: {
    readonly status?: number;
    readonly problem?: Problem;
    readonly code?: 'no_answer' | 'unreadable_answer';
    readonly cause?: unknown;
  }) {
    const { status, problem, code, cause } = told;
    super(problem ? `${problem.title}. ${problem.detail}` : code === 'no_answer' ? 'no answer' : 'an answer that cannot be read', {
      cause,
    });
    this.status = status;
    this.problem = problem;
    this.code = problem?.code ?? code ?? 'unreadable_answer';
  }
}
