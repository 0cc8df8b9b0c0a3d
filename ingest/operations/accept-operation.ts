import { CaptureRequest, RefundRequest, VoidRequest, type OperationKind } from '@trancendos/contracts/operation';
import { TransactionId } from '@trancendos/contracts/ids';
import type { TransactionAnswer } from '@trancendos/contracts/http';
import type { LedgerCommand } from '@trancendos/contracts/ledger-command';
import { newId } from '@trancendos/platform/new-id';
import { isTransient } from '@trancendos/platform/postgres';
import { PublishError, type Publisher } from '@trancendos/platform/publish';
import type pg from 'pg';
import type { MerchantRequest } from '../accept-transaction.ts';
import { holdsCardNumber } from '../find-card-number.ts';
import { hashRequest } from '../hash-request.ts';
import { readBody } from '../read-body.ts';
import { readIdempotencyKey } from '../read-idempotency-key.ts';
import type { Refusal } from '../refusal.ts';
import { jsonReply, problemReply, type Reply } from '../reply.ts';
import { waitingName, type WaitingRoom } from '../waiting-room.ts';
import type { OperationBoard } from './operation-board.ts';
import { planOperation, refusalOfLedger, type AskedOperation } from './plan-operation.ts';
import { outcomesOf, renderOperationAnswer } from './render-operation.ts';
import { claimOperation, findByKey, findPayment, findSettled, type KnownOperation, type PaymentFile } from './store-operations.ts';

export interface OperationParts {
  readonly pool: pg.Pool;
  readonly publisher: Pick<Publisher, 'publish'>;
  readonly board: OperationBoard;
  readonly room: Pick<WaitingRoom, 'recentAnswer'>;
}

/** A request for an operation as it came in. */
export type OperationRequest = Pick<MerchantRequest, 'merchantId' | 'requestId' | 'idempotencyKey' | 'body'> & {
  readonly transactionId: string;
  readonly kind: OperationKind;
};

const BODIES = { capture: CaptureRequest, void: VoidRequest, refund: RefundRequest } as const;
const EMPTY = Buffer.from('{}');
/** How long the ledger is waited for; what takes longer is answered 202. */
const WAIT_MS = 5_000;
/** An outcome that another instance has stored is noticed by looking. */
const LOOK_EVERY_MS = 200;

/**
 * `POST /v1/transactions/{id}/capture`, `/void` and `/refund`: keeps what is asked under its idempotency key, has the ledger carry it out, and
 * answers with what has become of the money. The same key and body give the same bytes; what the ledger refuses leaves the key free.
 */
export async function acceptOperation(parts: OperationParts, request: OperationRequest): Promise<Reply> {
  try {
    const begun = await begin(parts, request);
    if ('refused' in begun) return problemReply(begun, request.requestId, retryHeaders(begun));
    if (begun.answer !== null) return jsonReply(200, begun.answer, REPLAYED);
    const noticed = parts.board.wait(begun.operationId, LOOK_EVERY_MS); // before it is published, so that no outcome is missed
    await parts.publisher.publish('ledgerCommands', begun.key, begun.command, begun.requestId);
    await noticed;
    return await answer(parts, request, begun);
  } catch (error) {
    if (!(error instanceof PublishError) && !isTransient(error)) throw error;
    return problemReply({ refused: 'unavailable' }, request.requestId);
  }
}

const REPLAYED = { 'idempotent-replayed': 'true' };

interface Begun {
  readonly operationId: string;
  readonly command: LedgerCommand;
  /** What the command travels under: the payment's transfer, so that all that happens to it keeps its order. */
  readonly key: string;
  readonly requestId: string;
  readonly answer: string | null;
  readonly isRepeat: boolean;
}

function retryHeaders({ refused }: Refusal): Record<string, string> {
  return refused === 'decision_pending' || refused === 'operation_in_progress' ? { 'retry-after': '1' } : {};
}

interface Asked {
  readonly idempotencyKey: string;
  readonly asked: AskedOperation;
  readonly bodyHash: Buffer;
}

function readAsked({ kind, transactionId, body: bytes, ...request }: OperationRequest): Asked | Refusal {
  const idempotencyKey = readIdempotencyKey(request.idempotencyKey);
  if (typeof idempotencyKey !== 'string') return idempotencyKey;
  if (holdsCardNumber(transactionId)) return { refused: 'card_number_refused' };
  if (!TransactionId.safeParse(transactionId).success) return { refused: 'transaction_unknown' };
  const body = readBody(BODIES[kind], bytes.length === 0 ? EMPTY : bytes);
  if ('refused' in body) return body;
  const bodyHash = hashRequest({ kind, transaction_id: transactionId, ...body.read });
  return { idempotencyKey, asked: { ...body.read, kind }, bodyHash };
}

async function begin(parts: OperationParts, request: OperationRequest): Promise<Begun | Refusal> {
  const reading = readAsked(request);
  if ('refused' in reading) return reading;
  const { pool } = parts;
  const { merchantId, transactionId, kind, requestId } = request;
  const { idempotencyKey, asked, bodyHash } = reading;
  const known = await findByKey(pool, merchantId, idempotencyKey);
  if (known) return repeat(known, bodyHash);
  const found = await findPayment(pool, merchantId, transactionId);
  if (!found) return { refused: 'transaction_unknown' };
  const file = { ...found, answer: found.answer ?? answerAtHand(parts, merchantId, transactionId) };
  const operationId = newId('cmd');
  const command = plan(file, asked, operationId);
  const refusal: Refusal | undefined = 'refused' in command ? command : undefined;
  if (!('refused' in command)) {
    const claim = { operationId, merchantId, transactionId, kind, idempotencyKey, bodyHash, requestId, command };
    if (await claimOperation(pool, claim)) return { operationId, command, key: keyOf(file), requestId, answer: null, isRepeat: false };
  }
  // A twin of this request may have been quicker: what stands in the way is then the request itself.
  const twin = await findByKey(pool, merchantId, idempotencyKey);
  return twin ? repeat(twin, bodyHash) : (refusal ?? { refused: 'operation_in_progress' });
}

/** The answer that a merchant may have got a moment ago, while it is on its way to the database. */
function answerAtHand({ room }: OperationParts, merchantId: string, transactionId: string): TransactionAnswer | null {
  const recent = room.recentAnswer(waitingName(merchantId, transactionId));
  return recent === undefined ? null : (JSON.parse(recent) as TransactionAnswer);
}

function repeat(known: KnownOperation, bodyHash: Buffer): Begun | Refusal {
  if (!known.body_sha256.equals(bodyHash)) return { refused: 'idempotency_key_reused' };
  const { operation_id: operationId, command, request_id: requestId, answer } = known;
  return { operationId, command, key: keyOfCommand(command), requestId, answer, isRepeat: true };
}

function plan(file: PaymentFile, asked: AskedOperation, operationId: string): LedgerCommand | Refusal {
  const { answer } = file;
  if (!answer?.money) return { refused: 'decision_pending' };
  if (file.operations.some(({ status }) => status === 'pending')) return { refused: 'operation_in_progress' };
  return planOperation({ merchantId: answer.merchant_id, decided: answer.money, outcomes: outcomesOf(file) }, asked, operationId);
}

function keyOf({ answer }: PaymentFile): string {
  return answer?.money?.transfer_id ?? '';
}

/** Of a command that is published again; the ledger knows it by its id, wherever it lies. */
export function keyOfCommand(command: LedgerCommand): string {
  if (command.kind === 'capture' || command.kind === 'void') return command.hold_id;
  return command.kind === 'reverse' ? command.transfer_id : command.command_id;
}

async function answer({ board, pool }: OperationParts, request: OperationRequest, begun: Begun): Promise<Reply> {
  const end = AbortSignal.timeout(WAIT_MS);
  const headers = begun.isRepeat ? REPLAYED : {};
  while (!end.aborted) {
    const settled = await findSettled(pool, begun.operationId);
    if (settled && 'answer' in settled) return jsonReply(200, settled.answer, headers);
    if (settled) return problemReply(refusalOfLedger(settled.refusedBy), request.requestId);
    await board.wait(begun.operationId, LOOK_EVERY_MS);
  }
  const file = await findPayment(pool, request.merchantId, request.transactionId);
  const operation = file?.operations.find(({ operation_id }) => operation_id === begun.operationId);
  if (!file || !operation) return problemReply({ refused: 'unavailable' }, request.requestId);
  const location = `/v1/transactions/${request.transactionId}/operations`;
  const pending = renderOperationAnswer(file, operation, begun.requestId);
  return jsonReply(202, JSON.stringify(pending), { location, 'retry-after': '1', ...headers });
}
