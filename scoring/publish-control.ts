import { Control, controlKey } from '@trancendos/contracts/control';
import { nowMs, toInstant } from '@trancendos/platform/clock';
import type { Publisher } from '@trancendos/platform/publish';
import { PublishError } from '@trancendos/platform/publish';
import { jsonReply, type Reply } from '@trancendos/platform/render-reply';
import type { z } from 'zod';
import type { ControlDesk } from './control-desk.ts';
import { problemReply } from './problem-reply.ts';

export interface ControlPublishing {
  readonly desk: ControlDesk;
  readonly publisher: Pick<Publisher, 'publish'>;
}

/** A control message before it has a time. */
export type Draft = { [C in Control as C['kind']]: Omit<C, 'published_at'> }[Control['kind']];

const APPLIED_WITHIN_MS = 3_000;

/**
 * Tries a control message on this worker, publishes it for all of them, and answers when this one has taken it in. What this worker would
 * refuse is not published.
 */
export async function publishControl({ desk, publisher }: ControlPublishing, draft: Draft, requestId: string): Promise<Reply> {
  const parsed = Control.safeParse({ ...draft, published_at: toInstant(nowMs()) });
  if (!parsed.success) return invalid(parsed.error, requestId);
  const message = parsed.data;
  const refusal = await desk.check(message);
  if (refusal) return problemReply({ ...refusal, errors: [...refusal.errors] }, requestId);
  const key = controlKey(message);
  try {
    await publisher.publish('control', key, message, requestId);
  } catch (error) {
    if (!(error instanceof PublishError)) throw error;
    return problemReply(
      { code: 'unavailable', detail: 'The event log does not answer. Wait for Retry-After seconds and repeat.' },
      requestId,
    );
  }
  const applied = await desk.whenApplied(key, message.published_at, AbortSignal.timeout(APPLIED_WITHIN_MS)).then(
    () => true,
    () => false,
  );
  const answer = jsonReply({ key, published_at: message.published_at, applied });
  return applied ? answer : { ...answer, status: 202 };
}

/** Where a body does not fit, as pointers. */
export function invalid(error: z.ZodError, requestId: string): Reply {
  const errors = error.issues.map(({ path, message }) => ({ pointer: `/${path.map(String).join('/')}`, detail: message }));
  return problemReply({ code: 'invalid_field', detail: 'Correct the named fields and send it again.', errors }, requestId);
}
