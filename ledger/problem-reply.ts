import { PROBLEMS, type ProblemCode } from '@trancendos/contracts/http';
import { renderProblem, type RefusalOf, type Reply } from '@trancendos/platform/render-reply';

export type Refusal = RefusalOf<ProblemCode>;

/** A refusal of the ledger's API. */
export function problemReply(refusal: Refusal, requestId: string): Reply {
  return renderProblem(PROBLEMS, refusal, requestId);
}
