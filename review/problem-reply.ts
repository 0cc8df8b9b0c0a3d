import { ARCHIVE_PROBLEMS, type ArchiveProblemCode } from '@trancendos/contracts/archive';
import { renderProblem, type RefusalOf, type Reply } from '@trancendos/platform/render-reply';

export type Refusal = RefusalOf<ArchiveProblemCode>;

/** A refusal of the archive's API. */
export function problemReply(refusal: Refusal, requestId: string): Reply {
  return renderProblem(ARCHIVE_PROBLEMS, refusal, requestId);
}
