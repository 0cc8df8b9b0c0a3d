import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { LedgerReads } from './ledger-reads.ts';
import { jsonReply, problemReply, send, type Reply } from './problem-reply.ts';

export const LEDGER_READS = Symbol('what can be asked of the ledger');

const LIMIT_DEFAULT = 50;
const LIMIT_MAX = 200;

/** What can be read of the ledger. */
@Controller('v1')
export class LedgerApiController {
  readonly #reads: LedgerReads;

  constructor(@Inject(LEDGER_READS) reads: LedgerReads) {
    this.#reads = reads;
  }

  @Get('accounts/:id')
  async account(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const balance = await this.#reads.account(accountIdOf(request));
    send(reply, balance ? jsonReply(balance) : noSuchAccount(request.id));
  }

  @Get('accounts/:id/transfers')
  async transfers(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const limit = limitOf(request);
    if (limit === undefined) {
      const expected = `a whole number from 1 to ${LIMIT_MAX}`;
      const errors = [{ pointer: '/limit', detail: expected }];
      send(reply, problemReply({ code: 'invalid_field', detail: `limit has to be ${expected}.`, errors }, request.id));
      return;
    }
    const accountId = accountIdOf(request);
    const [balance, transfers] = await Promise.all([this.#reads.account(accountId), this.#reads.transfers(accountId, limit)]);
    send(reply, balance ? jsonReply({ account_id: accountId, transfers }) : noSuchAccount(request.id));
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

function accountIdOf(request: FastifyRequest): string {
  return (request.params as { id: string }).id;
}

function limitOf(request: FastifyRequest): number | undefined {
  const { limit = String(LIMIT_DEFAULT) } = request.query as { limit?: unknown };
  if (typeof limit !== 'string' || !/^\d{1,3}$/.test(limit)) return undefined;
  const count = Number(limit);
  return count >= 1 && count <= LIMIT_MAX ? count : undefined;
}

function noSuchAccount(requestId: string): Reply {
  const detail = 'Accounts open when money is first moved from or to them. An id is kind:owner:currency, such as customer:ACC-1:EUR.';
  return problemReply({ code: 'not_found', detail }, requestId);
}
