import { Controller, Get, Inject, Post, Req, Res } from '@nestjs/common';
import { TransactionId } from '@trancendos/contracts/ids';
import type { OperationKind, OperationsAnswer } from '@trancendos/contracts/operation';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { holdsCardNumber } from '../find-card-number.ts';
import { jsonReply, problemReply, type Reply } from '../reply.ts';
import { idempotencyKeyOf, serveGuarded } from '../serve-replies.ts';
import { acceptOperation, type OperationParts } from './accept-operation.ts';
import { renderOperation } from './render-operation.ts';
import { findPayment } from './store-operations.ts';

export const OPERATION_PARTS = Symbol('parts of the API of captures, voids and refunds');

/** What a merchant does with the money of a payment after its decision. */
@Controller('v1/transactions/:id')
export class OperationsController {
  readonly #parts: OperationParts;

  constructor(@Inject(OPERATION_PARTS) parts: OperationParts) {
    this.#parts = parts;
  }

  @Post('capture')
  async capture(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.#operate(request, reply, 'capture');
  }

  @Post('void')
  async void(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.#operate(request, reply, 'void');
  }

  @Post('refund')
  async refund(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.#operate(request, reply, 'refund');
  }

  @Get('operations')
  async list(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await serveGuarded(request, reply, () => this.#list(request));
  }

  async #operate(request: FastifyRequest, reply: FastifyReply, kind: OperationKind): Promise<void> {
    await serveGuarded(request, reply, (body) => {
      const { merchantId, id: requestId } = request;
      const idempotencyKey = idempotencyKeyOf(request);
      return acceptOperation(this.#parts, { merchantId, requestId, idempotencyKey, body, transactionId: idOf(request), kind });
    });
  }

  async #list(request: FastifyRequest): Promise<Reply> {
    const transactionId = idOf(request);
    if (holdsCardNumber(transactionId)) return problemReply({ refused: 'card_number_refused' }, request.id);
    const isId = TransactionId.safeParse(transactionId).success;
    const file = isId ? await findPayment(this.#parts.pool, request.merchantId, transactionId) : undefined;
    if (!file) return problemReply({ refused: 'transaction_unknown' }, request.id);
    const answer: OperationsAnswer = {
      transaction_id: transactionId,
      operations: file.operations.map(renderOperation),
      request_id: request.id,
    };
    return jsonReply(200, JSON.stringify(answer));
  }
}

function idOf(request: FastifyRequest): string {
  return (request.params as { id: string }).id;
}
