import { Body, Controller, Delete, Get, Inject, Param, Patch, Post, Req } from '@nestjs/common';
import {
  AccountChange,
  NewAccount,
  type Account,
  type AccountList,
  type AccountWithLink,
  type ListedAccount,
} from '@trancendos/contracts/account';
import { nowMs, toInstant } from '@trancendos/platform/clock';
import type { FastifyRequest } from 'fastify';
import { actorOf } from '../access/serve-access.ts';
import { writeAudit } from '../audit/write-audit.ts';
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
    const accounts = (await this.#parts.accounts.list()).map(renderAccount);
    const names = accounts.map(({ name }) => name);
    const locks = await this.#parts.attempts.locksOf(names, nowMs());
    return {
      accounts: accounts.map((account): ListedAccount => {
        const untilMs = locks?.get(account.name);
        return { ...account, locked_until: untilMs === undefined ? null : toInstant(untilMs) };
      }),
      locks_known: locks !== undefined,
    };
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

  /** Forgets the attempts at its name, so that its owner can try again at once. Written down first: what cannot be is not done. */
  @Delete(':id/lock')
  async unlock(@Req() request: FastifyRequest, @Param('id') id: string): Promise<ListedAccount> {
    const account = await this.#parts.accounts.find({ id });
    if (!account) throw new RefusedRequest('account_unknown');
    await writeAudit(this.#parts.postgres.pool, { kind: 'account_unlocked', actor: actorOf(request), subject: id });
    if (!(await this.#parts.attempts.forget(account.name))) throw new RefusedRequest('session_store_away');
    return { ...renderAccount(account), locked_until: null };
  }
}

function done<T>(answer: T | AccountRefusal): T {
  if (typeof answer === 'string') throw new RefusedRequest(answer as AccountRefusal);
  return answer;
}
