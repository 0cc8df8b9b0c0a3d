import { TransactionId } from '@trancendos/contracts/ids';
import type { PaymentTransaction } from '@trancendos/contracts/transaction';
import { isTransient } from '@trancendos/platform/postgres';
import type pg from 'pg';
import { holdsCardNumber } from './find-card-number.ts';
import type { Refusal } from './refusal.ts';
import { renderPendingAnswer } from './render-answer.ts';
import { jsonReply, problemReply, type Reply } from './reply.ts';
import { waitingName, type WaitingRoom } from './waiting-room.ts';

export interface FindParts {
  readonly pool: pg.Pool;
  readonly room: Pick<WaitingRoom, 'recentAnswer'>;
}

/**
 * `GET /v1/transactions/{id}`: the answer to a payment of this merchant, pending or decided. Imported history has no answer, and what
 * belongs to another merchant does not exist.
 */
export async function findTransaction(
  parts: FindParts,
  request: { readonly merchantId: string; readonly requestId: string; readonly transactionId: string },
): Promise<Reply> {
  const { merchantId, requestId, transactionId } = request;
  if (holdsCardNumber(transactionId)) return problemReply({ refused: 'card_number_refused' }, requestId);
  if (!TransactionId.safeParse(transactionId).success) return problemReply({ refused: 'transaction_unknown' }, requestId);
  const recent = parts.room.recentAnswer(waitingName(merchantId, transactionId));
  const found = recent ?? (await readAnswer(parts.pool, merchantId, transactionId));
  return typeof found === 'string' ? jsonReply(200, found) : problemReply(found, requestId);
}

const SELECT = `
  SELECT message, answers.body AS answer
  FROM ingest.transactions LEFT JOIN ingest.answers USING (merchant_id, transaction_id)
  WHERE merchant_id = $1 AND transaction_id = $2 AND kind = 'payment'`;

async function readAnswer(pool: pg.Pool, merchantId: string, transactionId: string): Promise<string | Refusal> {
  try {
    const { rows } = await pool.query<{ message: PaymentTransaction; answer: string | null }>({
      name: 'find-transaction',
      text: SELECT,
      values: [merchantId, transactionId],
    });
    const [row] = rows;
    return row ? (row.answer ?? renderPendingAnswer(row.message)) : { refused: 'transaction_unknown' };
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
