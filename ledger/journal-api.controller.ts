import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import { DecisionId, LedgerAccountId, MerchantId, TransactionId, TransferId } from '@trancendos/contracts/ids';
import { nameText } from '@trancendos/contracts/text';
import { TransferKind } from '@trancendos/contracts/transfer';
import { jsonReply, send, type Reply } from '@trancendos/platform/render-reply';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { answer, LEDGER_READS } from './ledger-api.controller.ts';
import type { LedgerReads } from './ledger-reads.ts';
import { problemReply } from './problem-reply.ts';
import { packCursor, queryFields, unpackCursor } from './read-query.ts';

const SearchQuery = z.strictObject({
  account_id: LedgerAccountId.optional(),
  kind: TransferKind.optional(),
  decision_id: DecisionId.optional(),
  actor: nameText(64).optional(),
  amount_min: queryFields.amountMinor.optional(),
  amount_max: queryFields.amountMinor.optional(),
  from: queryFields.instant.optional(),
  until: queryFields.instant.optional(),
  cursor: queryFields.positionCursor.optional(),
  limit: queryFields.limit,
});

const HoldsQuery = z.strictObject({
  account_id: LedgerAccountId.optional(),
  expires_before: queryFields.instant.optional(),
  cursor: z
    .string()
    .max(200)
    .transform(unpackCursor)
    .pipe(z.tuple([queryFields.instant, TransferId]))
    .optional(),
  limit: queryFields.limit,
});

/** What can be read of the journal: transfers, what proves them, the batches that they were committed in, holds, and payments from end to end. */
@Controller('ledger')
export class JournalApiController {
  readonly #reads: LedgerReads;

  constructor(@Inject(LEDGER_READS) reads: LedgerReads) {
    this.#reads = reads;
  }

  @Get('transfers')
  async transfers(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await answer(request, reply, SearchQuery, async (query) => {
      const { transfers, nextBeforeSeq } = await this.#reads.transfers({
        accountId: query.account_id,
        kind: query.kind,
        decisionId: query.decision_id,
        actor: query.actor,
        amountMinMinor: query.amount_min,
        amountMaxMinor: query.amount_max,
        from: query.from,
        until: query.until,
        beforeSeq: query.cursor,
        limit: query.limit,
      });
      return jsonReply({ transfers, next_cursor: nextBeforeSeq === undefined ? null : String(nextBeforeSeq) });
    });
  }

  @Get('transfers/:id')
  async transfer(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const id = TransferId.safeParse(parameter(request, 'id'));
    send(reply, found(id.success ? await this.#reads.transfer(id.data) : undefined, NO_TRANSFER, request.id));
  }

  @Get('transfers/:id/proof')
  async proof(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const id = TransferId.safeParse(parameter(request, 'id'));
    send(reply, found(id.success ? await this.#reads.proof(id.data) : undefined, NO_TRANSFER, request.id));
  }

  /** The head of the chain: whoever keeps its hash can tell later that nothing before it was changed. */
  @Get('batches/newest')
  async newestBatch(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    send(reply, found(await this.#reads.batch(), 'Nothing has been committed yet.', request.id));
  }

  @Get('batches/:seq')
  async batch(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const seq = queryFields.positionCursor.safeParse(parameter(request, 'seq'));
    const batch = seq.success ? await this.#reads.batch(seq.data) : undefined;
    send(reply, found(batch, 'Batches are numbered from 1; /ledger/batches/newest is the last.', request.id));
  }

  @Get('holds')
  async holds(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await answer(request, reply, HoldsQuery, async ({ account_id, expires_before, cursor, limit }) => {
      const after = cursor && { expiresAt: cursor[0], holdId: cursor[1] };
      const holds = await this.#reads.openHolds({ accountId: account_id, expiresBefore: expires_before, after, limit });
      const end = holds.length === limit ? holds.at(-1) : undefined;
      return jsonReply({ holds, next_cursor: end ? packCursor([end.expires_at, end.hold_id]) : null });
    });
  }

  @Get('holds/:id')
  async hold(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const id = TransferId.safeParse(parameter(request, 'id'));
    const hold = id.success ? await this.#reads.hold(id.data) : undefined;
    send(reply, found(hold, 'The id of a hold is that of the transfer which placed it.', request.id));
  }

  @Get('transactions/:merchant/:transaction/trail')
  async trail(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const merchant = MerchantId.safeParse(parameter(request, 'merchant'));
    const transaction = TransactionId.safeParse(parameter(request, 'transaction'));
    const trail = merchant.success && transaction.success ? await this.#reads.trail(merchant.data, transaction.data) : undefined;
    send(reply, found(trail, 'No decision on a transaction of this merchant with this id has reached the ledger.', request.id));
  }
}

const NO_TRANSFER = 'There is no transfer with this id. An id is tr_ and a UUID.';

function found(answered: object | undefined, detail: string, requestId: string): Reply {
  return answered ? jsonReply(answered) : problemReply({ code: 'not_found', detail }, requestId);
}

function parameter(request: FastifyRequest, name: string): string {
  return (request.params as Record<string, string>)[name] ?? '';
}
