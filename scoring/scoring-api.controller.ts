import { Body, Controller, Get, Inject, Post, Put, Req, Res } from '@nestjs/common';
import {
  CheckRuleset,
  PreviewRequest,
  PutChallengers,
  PutList,
  PutModel,
  PutRuleset,
  PutThresholds,
} from '@trancendos/contracts/scoring-http';
import type { ActiveDrift } from '@trancendos/contracts/scoring-http';
import type { Decision } from '@trancendos/contracts/decision';
import type { PaymentTransaction } from '@trancendos/contracts/transaction';
import { REASON_CODES, REASON_CODES_VERSION } from '@trancendos/contracts/reason-codes';
import { FEATURE_SET, FEATURES } from '@trancendos/models/features/declare-features';
import { jsonReply, send } from '@trancendos/platform/render-reply';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { describeControl, describeModel } from './describe-orders.ts';
import { problemReply } from './problem-reply.ts';
import { invalid, publishControl, type ControlPublishing, type Draft } from './publish-control.ts';
import { compileRuleset } from './rules/compile-ruleset.ts';
import type { ChallengerShadow } from './shadow-challengers.ts';

export interface ApiParts extends ControlPublishing {
  readonly shadow: ChallengerShadow;
  readonly preview: (transaction: PaymentTransaction) => Decision;
  /** What watching has found out about the model that scores. */
  readonly drift: () => ActiveDrift;
  /** What operating asks for by name: `drift`, `labels`, `parity`. */
  readonly reports: Readonly<Record<string, () => object>>;
}
export const API_PARTS = Symbol('what the API of scoring speaks of');

/** What decides now, for consoles and operators, and how it is changed. */
@Controller('v1')
export class ScoringApiController {
  readonly #parts: ApiParts;

  constructor(@Inject(API_PARTS) parts: ApiParts) {
    this.#parts = parts;
  }

  @Get('model')
  model(@Res() reply: FastifyReply): void {
    send(reply, jsonReply(describeModel(this.#parts.desk.orders)));
  }

  /** The declaration of every feature, in the order of the vector. */
  @Get('features')
  features(@Res() reply: FastifyReply): void {
    send(reply, jsonReply({ feature_set: FEATURE_SET, features: FEATURES }));
  }

  /** The rules that act beside the model. */
  @Get('rules')
  rules(@Res() reply: FastifyReply): void {
    const { version, source } = this.#parts.desk.orders.ruleset;
    send(reply, jsonReply({ version, ...source }));
  }

  @Get('lists')
  lists(@Res() reply: FastifyReply): void {
    const { lists, listsByName } = this.#parts.desk.orders;
    send(reply, jsonReply({ version: lists.version, lists: Object.fromEntries(listsByName) }));
  }

  @Get('reason-codes')
  reasonCodes(@Res() reply: FastifyReply): void {
    send(reply, jsonReply({ version: REASON_CODES_VERSION, codes: REASON_CODES }));
  }

  /** The newest control message of every key, with what became of it. */
  @Get('control')
  control(@Res() reply: FastifyReply): void {
    send(reply, jsonReply(describeControl(this.#parts.desk)));
  }

  @Get('challengers')
  challengers(@Res() reply: FastifyReply): void {
    send(reply, jsonReply({ challengers: this.#parts.shadow.comparisons() }));
  }

  @Get('drift')
  drift(@Res() reply: FastifyReply): void {
    send(reply, jsonReply(this.#parts.drift()));
  }

  @Get('reports/:name')
  report(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    const { name } = request.params as { name: string };
    const report = Object.hasOwn(this.#parts.reports, name) ? this.#parts.reports[name] : undefined;
    const detail = `There are the reports ${Object.keys(this.#parts.reports).join(', ')}.`;
    send(reply, report ? jsonReply(report()) : problemReply({ code: 'not_found', detail }, request.id));
  }

  /** The decision that a payment would get now. */
  @Post('previews')
  preview(@Req() request: FastifyRequest, @Res() reply: FastifyReply, @Body() body: unknown): void {
    const parsed = PreviewRequest.safeParse(body);
    send(reply, parsed.success ? jsonReply(this.#parts.preview(parsed.data.transaction)) : invalid(parsed.error, request.id));
  }

  /** Tries a ruleset, with its examples, and publishes nothing. */
  @Post('rulesets/check')
  check(@Req() request: FastifyRequest, @Res() reply: FastifyReply, @Body() body: unknown): void {
    const parsed = CheckRuleset.safeParse(body);
    if (!parsed.success) {
      send(reply, invalid(parsed.error, request.id));
      return;
    }
    const compilation = compileRuleset(parsed.data.ruleset);
    if (compilation.ok) send(reply, jsonReply({ version: compilation.ruleset.version, rules: compilation.ruleset.rules.length }));
    else {
      const detail = 'Mend every named place and try again.';
      send(reply, problemReply({ code: 'ruleset_refused', detail, errors: [...compilation.errors] }, request.id));
    }
  }

  @Put('control/model/:role')
  async putModel(@Req() request: FastifyRequest, @Res() reply: FastifyReply, @Body() body: unknown): Promise<void> {
    const { role } = request.params as { role: string };
    if (role !== 'champion' && role !== 'fallback') {
      send(
        reply,
        problemReply(
          { code: 'not_found', detail: 'The roles are champion and fallback; challengers have an address of their own.' },
          request.id,
        ),
      );
      return;
    }
    await this.#put(request, reply, [PutModel, body], ({ version, by }) => ({ kind: 'model', name: role, version, published_by: by }));
  }

  @Put('control/challengers')
  async putChallengers(@Req() request: FastifyRequest, @Res() reply: FastifyReply, @Body() body: unknown): Promise<void> {
    await this.#put(request, reply, [PutChallengers, body], ({ versions, by }) => ({
      kind: 'challengers',
      name: 'all',
      versions,
      published_by: by,
    }));
  }

  @Put('control/ruleset')
  async putRuleset(@Req() request: FastifyRequest, @Res() reply: FastifyReply, @Body() body: unknown): Promise<void> {
    await this.#put(request, reply, [PutRuleset, body], ({ ruleset, by }) => ({
      kind: 'ruleset',
      name: 'active',
      ruleset,
      published_by: by,
    }));
  }

  @Put('control/lists/:name')
  async putList(@Req() request: FastifyRequest, @Res() reply: FastifyReply, @Body() body: unknown): Promise<void> {
    const { name } = request.params as { name: string };
    await this.#put(request, reply, [PutList, body], ({ list, by }) => ({ kind: 'list', name, list, published_by: by }));
  }

  @Put('control/thresholds')
  async putThresholds(@Req() request: FastifyRequest, @Res() reply: FastifyReply, @Body() body: unknown): Promise<void> {
    await this.#put(request, reply, [PutThresholds, body], ({ policy, by }) => ({
      kind: 'thresholds',
      name: 'active',
      policy,
      published_by: by,
    }));
  }

  async #put<S extends z.ZodType>(
    request: FastifyRequest,
    reply: FastifyReply,
    [schema, body]: [S, unknown],
    draft: (parsed: z.output<S>) => Draft,
  ): Promise<void> {
    const parsed = schema.safeParse(body);
    const answer = parsed.success ? await publishControl(this.#parts, draft(parsed.data), request.id) : invalid(parsed.error, request.id);
    send(reply, answer);
  }
}
