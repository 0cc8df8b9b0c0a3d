import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import { INSIGHT_STEPS_MS } from '@trancendos/contracts/insight-steps';
import { EntityType, InsightStep } from '@trancendos/contracts/archive';
import { MerchantId } from '@trancendos/contracts/ids';
import { jsonReply, send } from '@trancendos/platform/render-reply';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { answer } from './answer-query.ts';
import { ARCHIVE_READS, type ArchiveReads } from './archive-reads.ts';
import { exportInsights, INSIGHT_TABLES } from './export-insights.ts';
import { problemReply } from './problem-reply.ts';
import { chooseStep } from './read-insights.ts';
import { queryFields } from './read-query.ts';

const MINUTE_MS = 60_000;
const POINTS_MAX = 1_500;

const minuteField = queryFields.instant.transform((instant) => Math.floor(Date.parse(instant) / MINUTE_MS) * MINUTE_MS);
const InsightsQuery = z
  .strictObject({
    /** Rounded down to the minute. */
    from: minuteField,
    to: minuteField,
    step: InsightStep.optional(),
    merchant: MerchantId.optional(),
    format: z.enum(['json', 'csv']).default('json'),
    /** What of it, as CSV. */
    table: z.enum(INSIGHT_TABLES).default('series'),
  })
  .refine(({ from, to }) => from < to, { message: 'at least a minute after from', path: ['to'] })
  .refine(({ from, to, step }) => step === undefined || (to - from) / INSIGHT_STEPS_MS[step] <= POINTS_MAX, {
    message: `a longer step: the series would have more than ${POINTS_MAX} points`,
    path: ['step'],
  });

/** What decisions sum up to, and what is known of those whom they are about. */
@Controller('v1')
export class InsightsApiController {
  readonly #reads: ArchiveReads;

  constructor(@Inject(ARCHIVE_READS) reads: ArchiveReads) {
    this.#reads = reads;
  }

  @Get('insights')
  async insights(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await answer(request, reply, InsightsQuery, async ({ from, to, step = chooseStep(to - from), merchant, format, table }) => {
      const insights = await this.#reads.insights({ fromMs: from, toMs: to, step, merchantId: merchant });
      if (format === 'json') return jsonReply(insights);
      const name = `insights-${table}-${insights.from.slice(0, 10)}-${insights.to.slice(0, 10)}.csv`;
      return {
        status: 200,
        headers: { 'content-type': 'text/csv; charset=utf-8; header=present', 'content-disposition': `attachment; filename="${name}"` },
        body: exportInsights(insights, table),
      };
    });
  }

  @Get('entities/:type/:id')
  async entity(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const { type, id } = request.params as { type: string; id: string };
    const known = EntityType.safeParse(type);
    const profile = known.success ? await this.#reads.entity(known.data, id) : undefined;
    const detail = known.success ? 'No decision is kept in which it takes part.' : `A type is one of ${EntityType.options.join(', ')}.`;
    send(reply, profile ? jsonReply(profile) : problemReply({ code: 'not_found', detail }, request.id));
  }
}
