import { jsonReply, send } from '@trancendos/platform/render-reply';
import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { accountIdOf, answer, LEDGER_READS, nextPosition, noSuchAccount } from './ledger-api.controller.ts';
import type { LedgerReads } from './ledger-reads.ts';
import { queryFields } from './read-query.ts';

const LimitQuery = z.strictObject({ limit: queryFields.limit });

/** What consoles ask for again and again. An account is answered as `balances.v1` publishes it, so that either may be newer. */
@Controller('v1')
export class ConsoleApiController {
  readonly #reads: LedgerReads;

  constructor(@Inject(LEDGER_READS) reads: LedgerReads) {
    this.#reads = reads;
  }

  @Get('accounts/:id')
  async account(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const [balance] = await this.#reads.balances([accountIdOf(request)]);
    send(reply, balance ? jsonReply(balance) : noSuchAccount(request.id));
  }

  /** The newest lines of the statement: what a page shows first. */
  @Get('accounts/:id/transfers')
  async transfers(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await answer(request, reply, LimitQuery, async ({ limit }) => {
      const accountId = accountIdOf(request);
      if (!(await this.#reads.account(accountId))) return noSuchAccount(request.id);
      const transfers = await this.#reads.statement({ accountId, order: 'newest_first', limit });
      return jsonReply({ account_id: accountId, transfers, next_cursor: nextPosition(transfers, limit) });
    });
  }

  @Get('summary')
  async summary(@Res() reply: FastifyReply): Promise<void> {
    send(reply, jsonReply(await this.#reads.summary()));
  }

  @Get('invariants')
  async invariants(@Res() reply: FastifyReply): Promise<void> {
    send(reply, jsonReply(await this.#reads.invariants()));
  }
}
