import { Controller, Get, Inject, Param, Res } from '@nestjs/common';
import { LedgerAccountId } from '@trancendos/contracts/ids';
import type { FastifyReply } from 'fastify';
import { CONSOLE_PARTS, type ConsoleParts } from './console-parts.ts';
import type { Fetched } from './fetch-bounded.ts';
import { RefusedRequest } from './refusal.ts';

/** What the live page reads of the ledger, in the form of its feed. */
@Controller('api/ledger')
export class LedgerController {
  readonly #parts: ConsoleParts;

  constructor(@Inject(CONSOLE_PARTS) parts: ConsoleParts) {
    this.#parts = parts;
  }

  @Get('accounts/:id')
  async account(@Param('id') accountId: string, @Res() reply: FastifyReply): Promise<void> {
    await passOn(reply, await this.#parts.ledger.account(checked(accountId)));
  }

  @Get('accounts/:id/transfers')
  async transfers(@Param('id') accountId: string, @Res() reply: FastifyReply): Promise<void> {
    await passOn(reply, await this.#parts.ledger.transfers(checked(accountId)));
  }
}

function checked(accountId: string): string {
  if (!LedgerAccountId.safeParse(accountId).success) throw new RefusedRequest('invalid_account');
  return accountId;
}

/** 200 and 404 mean something to a page; anything else is the ledger's own trouble. */
async function passOn(reply: FastifyReply, fetched: Fetched): Promise<void> {
  if (fetched.kind === 'away' || ![200, 404].includes(fetched.status)) throw new RefusedRequest('ledger_away');
  await reply
    .code(fetched.status)
    .type(fetched.status === 200 ? 'application/json; charset=utf-8' : 'application/problem+json; charset=utf-8')
    .send(fetched.body);
}
