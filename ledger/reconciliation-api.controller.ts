import { Controller, Get, Inject, Post, Req, Res } from '@nestjs/common';
import { LedgerAccountId } from '@trancendos/contracts/ids';
import { SettlementFileId } from '@trancendos/contracts/reconciliation';
import { nameText } from '@trancendos/contracts/text';
import { jsonReply, send, type Reply } from '@trancendos/platform/render-reply';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { answer } from './ledger-api.controller.ts';
import { problemReply } from './problem-reply.ts';
import { queryFields } from './read-query.ts';
import { FILE_MAX_BYTES, type ImportResult } from './reconciliation/import-settlement.ts';
import type { ReconciliationDesk } from './reconciliation/reconciliation-desk.ts';
import { BodyTooLargeError } from './reconciliation/read-body.ts';

export const RECONCILIATION_DESK = Symbol('who reconciles');

const ERRORS_MAX = 20;
const WINDOW_DAYS_DEFAULT = '3';

const ImportQuery = z.strictObject({
  account_id: LedgerAccountId,
  name: nameText(200).default('settlement file'),
  window_days: z
    .string()
    .regex(/^\d{1,2}$/)
    .default(WINDOW_DAYS_DEFAULT)
    .transform(Number)
    .pipe(z.number().max(31)),
});
const FilesQuery = z.strictObject({
  account_id: LedgerAccountId.optional(),
  cursor: SettlementFileId.optional(),
  limit: queryFields.limit,
});
const LinesQuery = z.strictObject({
  matched: z
    .enum(['true', 'false'])
    .transform((text) => text === 'true')
    .optional(),
  cursor: queryFields.positionCursor.optional(),
  limit: queryFields.limit,
});
const AccountQuery = z.strictObject({ account_id: LedgerAccountId });

/** Settlement files: importing them, what they match, and what stays open. */
@Controller('ledger/reconciliation')
export class ReconciliationApiController {
  readonly #desk: ReconciliationDesk;

  constructor(@Inject(RECONCILIATION_DESK) desk: ReconciliationDesk) {
    this.#desk = desk;
  }

  @Post('files')
  async importFile(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await answer(request, reply, ImportQuery, async ({ account_id, name, window_days }) => {
      const { body } = request;
      if (!isStream(body)) return problemReply({ code: 'unsupported_media_type', detail: 'Send the file as text/csv.' }, request.id);
      try {
        const result = await this.#desk.importFile({ accountId: account_id, name, windowDays: window_days, body });
        return renderImport(result, request.id);
      } catch (error) {
        return refuseBody(error, request.id);
      }
    });
  }

  @Get('files')
  async files(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await answer(request, reply, FilesQuery, async ({ account_id, cursor, limit }) => {
      const files = await this.#desk.files({ accountId: account_id, beforeId: cursor, limit });
      return jsonReply({ files, next_cursor: files.length === limit ? (files.at(-1)?.file_id ?? null) : null });
    });
  }

  @Get('files/:id')
  async file(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const file = await this.#desk.file(fileIdOf(request));
    send(reply, file ? jsonReply(file) : noSuchFile(request.id));
  }

  @Get('files/:id/lines')
  async lines(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await answer(request, reply, LinesQuery, async ({ matched, cursor, limit }) => {
      const fileId = fileIdOf(request);
      if (!(await this.#desk.file(fileId))) return noSuchFile(request.id);
      const lines = await this.#desk.lines(fileId, { matched, afterLine: cursor, limit });
      const end = lines.length === limit ? lines.at(-1) : undefined;
      return jsonReply({ file_id: fileId, lines, next_cursor: end ? String(end.line) : null });
    });
  }

  /** Once more, for what has been posted since. */
  @Post('match')
  async match(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await answer(request, reply, AccountQuery, async ({ account_id }) => {
      const matched = await this.#desk.match(account_id);
      return matched === undefined ? noSuchAccount(request.id) : jsonReply({ account_id, matched_lines: matched });
    });
  }

  @Get('report')
  async report(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await answer(request, reply, AccountQuery, async ({ account_id }) => {
      const report = await this.#desk.report(account_id);
      return report ? jsonReply(report) : noSuchAccount(request.id);
    });
  }
}

function renderImport(result: ImportResult, requestId: string): Reply {
  switch (result.kind) {
    case 'imported':
      return { ...jsonReply(result.file), status: result.file.repeated ? 200 : 201 };
    case 'account_unknown':
      return noSuchAccount(requestId);
    case 'faulty': {
      const errors = result.faults.slice(0, ERRORS_MAX).map(({ line, column, detail }) => ({
        pointer: column === null ? `/lines/${line}` : `/lines/${line}/${column}`,
        detail,
      }));
      const more = result.faults.length > ERRORS_MAX ? ` (the first ${ERRORS_MAX})` : '';
      return problemReply(
        {
          code: 'invalid_field',
          detail: `Nothing was imported. Correct the lines that errors names${more}; line 1 is the header.`,
          errors,
        },
        requestId,
      );
    }
  }
}

function refuseBody(error: unknown, requestId: string): Reply {
  if (error instanceof BodyTooLargeError) {
    return problemReply({ code: 'body_too_large', detail: `A file has at most ${FILE_MAX_BYTES} bytes; split it.` }, requestId);
  }
  if ((error as { code?: unknown }).code === 'ERR_ENCODING_INVALID_ENCODED_DATA') {
    return problemReply({ code: 'invalid_field', detail: 'The file is not UTF-8. Save it as UTF-8 and send it again.' }, requestId);
  }
  throw error;
}

/** What `text/csv` arrives as; a body of another type has been parsed. */
function isStream(body: unknown): body is AsyncIterable<Uint8Array> {
  return typeof body === 'object' && body !== null && Symbol.asyncIterator in body;
}

function fileIdOf(request: FastifyRequest): string {
  const id = SettlementFileId.safeParse((request.params as { id: string }).id);
  return id.success ? id.data : 'set_00000000-0000-0000-0000-000000000000';
}

function noSuchFile(requestId: string): Reply {
  return problemReply({ code: 'not_found', detail: 'There is no such file. /ledger/reconciliation/files lists them.' }, requestId);
}

function noSuchAccount(requestId: string): Reply {
  return problemReply(
    { code: 'not_found', detail: 'The ledger has no such account, so there is nothing to reconcile it with.' },
    requestId,
  );
}
