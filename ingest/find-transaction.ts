import { TransactionId } from '@trancendos/contracts/ids';
import { isTransient } from '@trancendos/platform/postgres';
import type pg from 'pg';
import { holdsCardNumber } from './find-card-number.ts';
import { withLateDecision } from './keep-late-decisions.ts';
import { renderCurrent } from './operations/render-operation.ts';
import { findPayment } from './operations/store-operations.ts';
import type { Refusal } from './refusal.ts';
import { renderPendingAnswer } from './render-answer.ts';
import { jsonReply, problemReply, type Reply } from './reply.ts';
import { waitingName, type WaitingRoom } from './waiting-room.ts';

export interface FindParts {
  readonly pool: pg.Pool;
  readonly room: Pick<WaitingRoom, 'recentAnswer'>;
}

/**
 * `GET /v1/transactions/{id}`: the answer to a payment of this merchant, pending or decided, with its money as it stands now. Imported
 * history has no answer, and what belongs to another merchant does not exist.
 */
export async function findTransaction(
  parts: FindParts,
  request: { readonly merchantId: string; readonly requestId: string; readonly transactionId: string },
): Promise<Reply> {
  const { merchantId, requestId, transactionId } = request;
  if (holdsCardNumber(transactionId)) return problemReply({ refused: 'card_number_refused' }, requestId);
  if (!TransactionId.safeParse(transactionId).success) return problemReply({ refused: 'transaction_unknown' }, requestId);
  const found = await readAnswer(parts, merchantId, transactionId);
  return typeof found === 'string' ? jsonReply(200, found) : problemReply(found, requestId);
}

/** The stored answer with its money as it is now; the one that is on its way to the database; or that there is none yet. */
async function readAnswer({ pool, room }: FindParts, merchantId: string, transactionId: string): Promise<string | Refusal> {
  try {
    const file = await findPayment(pool, merchantId, transactionId);
    if (file?.answer) return JSON.stringify(withLateDecision(renderCurrent(file.answer, file), file.late));
    const recent = room.recentAnswer(waitingName(merchantId, transactionId));
    if (recent !== undefined) return recent;
    return file ? renderPendingAnswer(file.transaction) : { refused: 'transaction_unknown' };
  } catch (error) {
    if (!isTransient(error)) throw error;
    return { refused: 'unavailable', detail: 'The transactions cannot be read at the moment; ask again after Retry-After seconds.' };
  }
}

/** The stored answer to a transaction; undefined while there is none. */
export async function storedAnswer(pool: pg.Pool, merchantId: string, transactionId: string): Promise<string | undefined> {
  const { rows } = await pool.query<{ body: string }>({
    name: 'stored-answer',
    text: 'SELECT body FROM ingest.answers WHERE merchant_id = $1 AND transaction_id = $2',
    values: [merchantId, transactionId],
  });
  return rows[0]?.body;
}
