import { Body, Controller, Get, Inject, Param, Patch, Post, Req } from '@nestjs/common';
import { AccountChange, NewAccount, type Account, type AccountList, type AccountWithLink } from '@trancendos/contracts/account';
import type { FastifyRequest } from 'fastify';
import { actorOf } from '../access/serve-access.ts';
import { CONSOLE_PARTS, type ConsoleParts } from '../console-parts.ts';
import { readInput } from '../read-input.ts';
import { RefusedRequest } from '../refusal.ts';
import { renderAccount, type AccountRefusal } from './store-accounts.ts';

/** Who may sign in, for admins. Nobody chooses another's password: a new account comes with a link for its owner. */
@Controller('api/accounts')
export class AccountsController {
  readonly #parts: ConsoleParts;

  constructor(@Inject(CONSOLE_PARTS) parts: ConsoleParts) {
    this.#parts = parts;
  }

  @Get()
  async list(): Promise<AccountList> {
    return { accounts: (await this.#parts.accounts.list()).map(renderAccount) };
  }

  @Post()
  async create(@Req() request: FastifyRequest, @Body() body: unknown): Promise<AccountWithLink> {
    return done(await this.#parts.accounts.create(readInput(NewAccount, body), actorOf(request)));
  }

  /** Ends the account's sessions at once; where Redis is away the gateways do it as soon as it is back. */
  @Patch(':id')
  async change(@Req() request: FastifyRequest, @Param('id') id: string, @Body() body: unknown): Promise<Account> {
    const changed = done(await this.#parts.accounts.change(id, readInput(AccountChange, body), actorOf(request)));
    await this.#parts.sessions.endAll(id, ({ session }) => session.account_version < changed.version);
    return renderAccount(changed);
  }

  @Post(':id/link')
  async link(@Req() request: FastifyRequest, @Param('id') id: string): Promise<AccountWithLink> {
    return done(await this.#parts.accounts.resetLink(id, actorOf(request)));
  }
}

function done<T>(answer: T | AccountRefusal): T {
  if (typeof answer === 'string') throw new RefusedRequest(answer as AccountRefusal);
  return answer;
}
