import { PassThrough } from 'node:stream';
import { Controller, Get, Inject, Post, Req, Res } from '@nestjs/common';
import type { HistoryProgress, LabelsAnswer } from '@trancendos/contracts/http';
import { TransactionId } from '@trancendos/contracts/ids';
import { nowMs } from '@trancendos/platform/clock';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { acceptLabel, type LabelParts } from './labels/accept-label.ts';
import { holdsCardNumber } from './find-card-number.ts';
import { findTransaction, type FindParts } from './find-transaction.ts';
import { importHistory, type HistoryParts, type HistoryRequest } from './import-history.ts';
import { factsOf, listLabels } from './labels/store-labels.ts';
import { jsonReply, problemReply, type Reply } from './reply.ts';
import { idempotencyKeyOf, sendReply, serveGuarded } from './serve-replies.ts';

const NDJSON = 'application/x-ndjson';
const PROGRESS_EVERY_MS = 500;

export type ControllerParts = FindParts & LabelParts & HistoryParts;
export const CONTROLLER_PARTS = Symbol('parts of the merchant API');

/** The merchant API but for `POST /v1/transactions`, which is hot and takes the short way in `serve-merchant-api.ts`. */
@Controller('v1')
export class MerchantApiController {
  readonly #parts: ControllerParts;

  constructor(@Inject(CONTROLLER_PARTS) parts: ControllerParts) {
    this.#parts = parts;
  }

  @Get('transactions/:id')
  async find(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const { id: transactionId } = request.params as { id: string };
    sendReply(reply, await findTransaction(this.#parts, { merchantId: request.merchantId, requestId: request.id, transactionId }));
  }

  @Get('transactions/:id/labels')
  async labels(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await serveGuarded(request, reply, () => this.#listLabels(request));
  }

  async #listLabels({ id, merchantId, params }: FastifyRequest): Promise<Reply> {
    const { id: transactionId } = params as { id: string };
    if (holdsCardNumber(transactionId)) return problemReply({ refused: 'card_number_refused' }, id);
    const isId = TransactionId.safeParse(transactionId).success;
    const labels = isId ? await listLabels(this.#parts.pool, merchantId, transactionId) : [];
    const isKnown = labels.length > 0 || (isId && (await factsOf(this.#parts.pool, merchantId, transactionId)) !== undefined);
    if (!isKnown) return problemReply({ refused: 'transaction_unknown' }, id);
    const answer: LabelsAnswer = { transaction_id: transactionId, holds: labels[0]?.label_id ?? null, labels, request_id: id };
    return jsonReply(200, JSON.stringify(answer));
  }

  @Post('labels')
  async label(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const { body, merchantId, id: requestId, arrivedAtMs } = request;
    if (!(body instanceof Uint8Array)) {
      sendReply(reply, problemReply({ refused: 'unsupported_media_type' }, requestId));
      return;
    }
    const idempotencyKey = idempotencyKeyOf(request);
    sendReply(reply, await acceptLabel(this.#parts, { merchantId, requestId, arrivedAtMs, idempotencyKey, body }));
  }

  @Post('history')
  async history(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const { merchantId, id: requestId, arrivedAtMs } = request;
    if (request.body !== request.raw) {
      sendReply(reply, problemReply({ refused: 'unsupported_media_type' }, requestId));
      return;
    }
    const body: AsyncIterable<Uint8Array> = request.raw.iterator({ destroyOnReturn: false });
    const importing = { merchantId, requestId, arrivedAtMs, body };
    if (request.headers.accept?.includes(NDJSON) === true) await this.#importWithProgress(importing, reply);
    else sendReply(reply, await importHistory(this.#parts, importing));
    request.raw.resume(); // a sender that is refused half-way still gets to read why
  }

  /** Says how far it is twice a second while it imports, a line each; the last line is the answer, or why it ended. */
  async #importWithProgress(importing: HistoryRequest, reply: FastifyReply): Promise<void> {
    const lines = new PassThrough();
    void reply.header('content-type', `${NDJSON}; charset=utf-8`).send(lines);
    let toldMs = 0;
    const onProgress = (progress: HistoryProgress) => {
      if (nowMs() - toldMs < PROGRESS_EVERY_MS) return;
      toldMs = nowMs();
      lines.write(`${JSON.stringify(progress)}\n`);
    };
    const { body } = await importHistory(this.#parts, { ...importing, onProgress });
    lines.end(`${body}\n`);
  }
}
