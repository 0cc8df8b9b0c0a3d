import { send, type Reply, type ReplyChannel } from '@trancendos/platform/render-reply';
import type { z } from 'zod';
import { problemReply } from './problem-reply.ts';
import { readQuery } from './read-query.ts';

/** Reads the query, answers, and sends; a query that does not fit is answered with what is wrong. Undefined: it is sent already. */
export async function answer<T>(
  request: { readonly id: string; readonly query: unknown },
  reply: ReplyChannel,
  schema: z.ZodType<T>,
  work: (query: T) => Promise<Reply | undefined>,
): Promise<void> {
  const query = readQuery(schema, request.query);
  if (!query.ok) {
    send(reply, problemReply(query.refusal, request.id));
    return;
  }
  const answered = await work(query.value);
  if (answered) send(reply, answered);
}
