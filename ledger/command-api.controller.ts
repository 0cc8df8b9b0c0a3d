import { Controller, Get, Inject, Post, Req, Res } from '@nestjs/common';
import { CommandId, RequestId } from '@trancendos/contracts/ids';
import { LedgerCommand, type CommandAnswer } from '@trancendos/contracts/ledger-command';
import { newId } from '@trancendos/platform/new-id';
import { PublishError } from '@trancendos/platform/publish';
import { jsonReply, send, type Reply } from '@trancendos/platform/render-reply';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { CommandDesk, CommandReply } from './carry-out-command.ts';
import { problemReply } from './problem-reply.ts';

export const COMMAND_DESK = Symbol('who carries out commands');

const ERRORS_MAX = 20;

/** What changes the ledger by hand: every change is a command on the log, whoever asks for it. */
@Controller('v1/commands')
export class CommandApiController {
  readonly #desk: CommandDesk;

  constructor(@Inject(COMMAND_DESK) desk: CommandDesk) {
    this.#desk = desk;
  }

  @Post()
  async carryOut(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const requestId = RequestId.parse(request.id);
    const command = readCommand(request.body);
    if (!command.success) {
      send(
        reply,
        problemReply({ code: 'invalid_field', detail: 'Correct the fields that errors names.', errors: misfits(command) }, requestId),
      );
      return;
    }
    try {
      const answered = await this.#desk.carryOut(command.data, requestId);
      send(reply, renderReply(command.data.command_id, answered, requestId));
    } catch (error) {
      if (!(error instanceof PublishError)) throw error;
      const detail = 'The event log does not take it. Wait for Retry-After seconds and send it again with the same command_id.';
      send(reply, problemReply({ code: 'unavailable', detail }, requestId));
    }
  }

  @Get(':id')
  async find(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const id = CommandId.safeParse((request.params as { id: string }).id);
    const decided = id.success ? await this.#desk.find(id.data) : undefined;
    send(
      reply,
      decided && id.success
        ? renderReply(id.data, { kind: 'decided', decided, repeated: false }, request.id)
        : problemReply(
            { code: 'not_found', detail: 'No command with this id has an outcome. One that was just sent may have it soon.' },
            request.id,
          ),
    );
  }
}

/** The command of a body. One without an id gets one, and cannot be repeated safely. */
function readCommand(body: unknown) {
  const given = typeof body === 'object' && body !== null ? { command_id: newId('cmd'), ...body } : body;
  return LedgerCommand.safeParse(given);
}

/** Where the body does not fit, without what was given. */
function misfits({ error }: { error: { issues: readonly { path: PropertyKey[]; message: string }[] } }) {
  return error.issues.slice(0, ERRORS_MAX).map(({ path, message }) => ({ pointer: `/${path.map(String).join('/')}`, detail: message }));
}

function renderReply(commandId: string, answered: CommandReply, requestId: string): Reply {
  if (answered.kind === 'reused') {
    const errors = [{ pointer: answered.field, detail: 'differs from the first command with this id' }];
    const detail = 'Send the original command again to get its outcome, or a new command_id for a new command.';
    return problemReply({ code: 'idempotency_key_reused', detail, errors }, requestId);
  }
  if (answered.kind === 'pending') return reply(202, { command_id: commandId, status: 'pending', outcome: null, request_id: requestId });
  const outcome = { ...answered.decided.outcome, repeated: answered.repeated };
  return reply(outcome.status === 'applied' ? 200 : 422, { command_id: commandId, status: 'decided', outcome, request_id: requestId });
}

function reply(status: number, answer: CommandAnswer): Reply {
  return { ...jsonReply(answer), status };
}
