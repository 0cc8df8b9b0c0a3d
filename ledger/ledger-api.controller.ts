import { Readable } from 'node:stream';
import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import { AccountKind, AccountStatus } from '@trancendos/contracts/balance';
import { LedgerAccountId } from '@trancendos/contracts/ids';
import { Currency } from '@trancendos/contracts/money';
import { jsonReply, send, type Reply } from '@trancendos/platform/render-reply';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { EXPORT_TYPES, exportStatement, type StatementFormat } from './export-statement.ts';
import type { LedgerReads } from './ledger-reads.ts';
import { problemReply } from './problem-reply.ts';
import { queryFields, readQuery } from './read-query.ts';
import type { StatementQuery } from './read-statement.ts';

export const LEDGER_READS = Symbol('what can be asked of the ledger');

const ASKED_MAX = 100;
const EXPORT_PAGE = 2_000;

const AccountsQuery = z.strictObject({
  kind: AccountKind.optional(),
  currency: Currency.optional(),
  status: AccountStatus.optional(),
  cursor: LedgerAccountId.optional(),
  limit: queryFields.limit,
});
const BalancesQuery = z.strictObject({
  account_id: z.union([LedgerAccountId.transform((id) => [id]), z.array(LedgerAccountId).min(1).max(ASKED_MAX)]),
});
const MomentQuery = z.strictObject({ recorded_at: queryFields.instant.optional(), effective_at: queryFields.instant.optional() });
const StatementFields = z.strictObject({
  from: queryFields.instant.optional(),
  until: queryFields.instant.optional(),
  order: z.enum(['newest_first', 'oldest_first']).optional(),
  format: z.enum(['json', 'csv', 'ndjson']).default('json'),
  cursor: queryFields.positionCursor.optional(),
  limit: queryFields.limit,
});

/** What can be read of accounts, and of the ledger as a whole. */
@Controller('ledger')
export class LedgerApiController {
  readonly #reads: LedgerReads;

  constructor(@Inject(LEDGER_READS) reads: LedgerReads) {
    this.#reads = reads;
  }

  @Get('accounts')
  async accounts(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await answer(request, reply, AccountsQuery, async ({ cursor, ...query }) => {
      const accounts = await this.#reads.accounts({ ...query, afterId: cursor });
      return jsonReply({ accounts, next_cursor: accounts.length === query.limit ? (accounts.at(-1)?.account_id ?? null) : null });
    });
  }

  @Get('balances')
  async balances(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await answer(request, reply, BalancesQuery, async ({ account_id }) =>
      jsonReply({ balances: await this.#reads.balances([...new Set(account_id)]) }),
    );
  }

  @Get('accounts/:id')
  async account(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const account = await this.#reads.account(accountIdOf(request));
    send(reply, account ? jsonReply(account) : noSuchAccount(request.id));
  }

  @Get('accounts/:id/balance')
  async balanceAt(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await answer(request, reply, MomentQuery, async ({ recorded_at, effective_at }) => {
      const balance = await this.#reads.balanceAt(accountIdOf(request), { recordedAt: recorded_at, effectiveAt: effective_at });
      return balance ? jsonReply(balance) : noSuchAccount(request.id);
    });
  }

  @Get('accounts/:id/statement')
  async statement(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await answer(request, reply, StatementFields, async ({ format, cursor, ...query }) => {
      const accountId = accountIdOf(request);
      if (!(await this.#reads.account(accountId))) return noSuchAccount(request.id);
      const order = query.order ?? (format === 'json' ? 'newest_first' : 'oldest_first');
      if (format !== 'json') {
        this.#export(reply, { ...query, accountId, order, limit: EXPORT_PAGE }, format);
        return undefined;
      }
      const transfers = await this.#reads.statement({ ...query, accountId, order, afterSeq: cursor });
      return jsonReply({ account_id: accountId, transfers, next_cursor: nextPosition(transfers, query.limit) });
    });
  }

  @Get('trial-balance')
  async trialBalance(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const query = z.strictObject({ recorded_at: queryFields.instant.optional() });
    await answer(request, reply, query, async ({ recorded_at }) => jsonReply(await this.#reads.trialBalance(recorded_at)));
  }

  @Get('summary')
  async summary(@Res() reply: FastifyReply): Promise<void> {
    send(reply, jsonReply(await this.#reads.summary()));
  }

  @Get('invariants')
  async invariants(@Res() reply: FastifyReply): Promise<void> {
    send(reply, jsonReply(await this.#reads.invariants()));
  }

  /** A slow reader holds back the reading of the next page; one that goes away ends it. */
  #export(reply: FastifyReply, query: Omit<StatementQuery, 'afterSeq'>, format: StatementFormat): void {
    const text = Readable.from(exportStatement(this.#reads.wholeStatement(query), format));
    const fileName = `statement-${query.accountId.replaceAll(/[^A-Za-z0-9._-]/g, '-')}.${format}`;
    const headers = { 'content-type': EXPORT_TYPES[format], 'content-disposition': `attachment; filename="${fileName}"` };
    void reply.headers(headers).send(text);
  }
}

/** Reads the query, answers, and sends; a query that does not fit is answered with what is wrong. */
export async function answer<T>(
  request: FastifyRequest,
  reply: FastifyReply,
  schema: z.ZodType<T>,
  work: (query: T) => Promise<Reply | undefined>,
): Promise<void> {
  const query = readQuery(schema, request.query);
  if (!query.ok) {
    send(reply, problemReply(query.refusal, request.id));
    return;
  }
  const answered = await work(query.value);
  if (answered) send(reply, answered);
}

/** Where the next page begins; null when this one was the last. */
export function nextPosition(lines: readonly { readonly seq: number }[], limit: number): string | null {
  const end = lines.at(-1);
  return end && lines.length === limit ? String(end.seq) : null;
}

/** What stands in the address; where that cannot be an account's id, one that no account has. */
export function accountIdOf(request: FastifyRequest): string {
  const id = LedgerAccountId.safeParse((request.params as { id: string }).id);
  return id.success ? id.data : 'none';
}

export function noSuchAccount(requestId: string): Reply {
  const detail = 'Accounts open when money is first moved from or to them. An id is kind:owner:currency, such as customer:ACC-1:EUR.';
  return problemReply({ code: 'not_found', detail }, requestId);
}
