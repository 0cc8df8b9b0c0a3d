import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import { Action } from '@trancendos/contracts/decision';
import { CardToken, DecisionId, MerchantId, PayerAccountId, TerminalId, TransactionId } from '@trancendos/contracts/ids';
import { Currency } from '@trancendos/contracts/money';
import { jsonReply, send, type Reply } from '@trancendos/platform/render-reply';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { answer } from './answer-query.ts';
import { ARCHIVE_READS, type ArchiveReads } from './archive-reads.ts';
import { CursorField } from './page-cursor.ts';
import { problemReply } from './problem-reply.ts';
import { queryFields } from './read-query.ts';

const DecisionsQuery = z
  .strictObject({
    merchant: MerchantId.optional(),
    transaction: TransactionId.optional(),
    account: PayerAccountId.optional(),
    card: CardToken.optional(),
    terminal: TerminalId.optional(),
    amount_min: queryFields.amountMinor.optional(),
    amount_max: queryFields.amountMinor.optional(),
    currency: Currency.optional(),
    action: Action.optional(),
    score_min: queryFields.score.optional(),
    score_max: queryFields.score.optional(),
    model: z.string().max(64).optional(),
    reason: z
      .string()
      .regex(/^[a-z][a-z0-9_]{1,63}$/, 'the code of a reason')
      .optional(),
    label: z.enum(['fraud', 'genuine', 'none']).optional(),
    from: queryFields.instant.optional(),
    to: queryFields.instant.optional(),
    cursor: CursorField.optional(),
    limit: queryFields.limit,
  })
  .refine(({ amount_min, amount_max, currency }) => currency !== undefined || (amount_min ?? amount_max) === undefined, {
    message: 'amounts are compared within one currency: name it',
    path: ['currency'],
  });

const ONLY_KEPT = 'The archive has it within a second of its commit, and keeps it for REVIEW_RETENTION_DAYS.';

/** Decisions one by one, and lists of them. */
@Controller('v1')
export class DecisionsApiController {
  readonly #reads: ArchiveReads;

  constructor(@Inject(ARCHIVE_READS) reads: ArchiveReads) {
    this.#reads = reads;
  }

  @Get('decisions')
  async decisions(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await answer(request, reply, DecisionsQuery, async (query) =>
      jsonReply(
        await this.#reads.search({
          merchantId: query.merchant,
          transactionId: query.transaction,
          accountId: query.account,
          cardToken: query.card,
          terminalId: query.terminal,
          amountMinMinor: query.amount_min,
          amountMaxMinor: query.amount_max,
          scoreMin: query.score_min,
          scoreMax: query.score_max,
          currency: query.currency,
          action: query.action,
          model: query.model,
          reason: query.reason,
          label: query.label,
          from: query.from,
          to: query.to,
          after: query.cursor,
          limit: query.limit,
        }),
      ),
    );
  }

  @Get('decisions/:id')
  async decision(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const { id } = request.params as { id: string };
    const found = DecisionId.safeParse(id).success ? await this.#reads.decision(id) : undefined;
    send(reply, found ? jsonReply(found) : notKept('An id is dec_ and a UUID.', request.id));
  }

  @Get('transactions/:merchant/:id')
  async transaction(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const { merchant, id } = request.params as { merchant: string; id: string };
    const found = await this.#reads.transaction(merchant, id);
    send(reply, found ? jsonReply(found) : notKept('No decision of this merchant on a transaction of this id is kept.', request.id));
  }
}

function notKept(detail: string, requestId: string): Reply {
  return problemReply({ code: 'not_found', detail: `${detail} ${ONLY_KEPT}` }, requestId);
}
