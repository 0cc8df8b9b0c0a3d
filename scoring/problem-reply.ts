import { SCORING_PROBLEMS, type ScoringProblemCode } from '@trancendos/contracts/scoring-http';
import { renderProblem, type RefusalOf, type Reply } from '@trancendos/platform/render-reply';

export type Refusal = RefusalOf<ScoringProblemCode>;

const ERRORS_MAX = 50;

/** A refusal of scoring's API, with as many of its errors as a problem may list. */
export function problemReply({ errors, ...refusal }: Refusal, requestId: string): Reply {
  return renderProblem(SCORING_PROBLEMS, { ...refusal, errors: errors?.slice(0, ERRORS_MAX) }, requestId);
}
