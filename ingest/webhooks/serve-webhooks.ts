import { Controller, Delete, Get, Inject, Post, Req, Res } from '@nestjs/common';
import {
  NewWebhookEndpoint,
  WebhookSampleRequest,
  type WebhookDeliveriesAnswer,
  type WebhookEndpointAnswer,
  type WebhookEndpointsAnswer,
  type WebhookSampleAnswer,
  type WebhookSecretAnswer,
} from '@trancendos/contracts/webhook';
import { newId } from '@trancendos/platform/new-id';
import type { Postgres } from '@trancendos/platform/postgres';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { readBody } from '../read-body.ts';
import { jsonReply, problemReply, type Reply } from '../reply.ts';
import type { Sealer } from '../seal-secret.ts';
import { serveGuarded } from '../serve-replies.ts';
import { renderSample } from './render-sample.ts';
import {
  addEndpoint,
  changeEndpoint,
  listDeliveries,
  listEndpoints,
  replayDelivery,
  queueSample,
  rotateSecret,
  type EndpointWithSecret,
} from './store-endpoints.ts';
import { vetTarget, type VetOptions } from './vet-target.ts';

export interface WebhookParts {
  readonly postgres: Pick<Postgres, 'pool' | 'inTransaction'>;
  readonly sealer: Sealer;
  readonly vet: VetOptions;
}
export const WEBHOOK_PARTS = Symbol('parts of the webhook API');

/** Webhook endpoints of the merchant that asks, and the log of what was sent to them. */
@Controller('v1/webhooks')
export class WebhooksController {
  readonly #parts: WebhookParts;

  constructor(@Inject(WEBHOOK_PARTS) parts: WebhookParts) {
    this.#parts = parts;
  }

  @Get()
  async list(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await serveGuarded(request, reply, async () => {
      const answer: WebhookEndpointsAnswer = {
        endpoints: await listEndpoints(this.#parts.postgres.pool, request.merchantId),
        request_id: request.id,
      };
      return jsonReply(200, JSON.stringify(answer));
    });
  }

  @Post()
  async add(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await serveGuarded(request, reply, async (body) => {
      const asked = readBody(NewWebhookEndpoint, body);
      if ('refused' in asked) return problemReply(asked, request.id);
      const target = await vetTarget(asked.read.url, this.#parts.vet);
      if ('refused' in target) {
        return problemReply({ refused: 'webhook_target_refused', misfits: [{ pointer: '/url', detail: target.refused }] }, request.id);
      }
      const added = await addEndpoint(this.#parts.postgres, this.#parts.sealer, request.merchantId, asked.read);
      return 'refused' in added ? problemReply(added, request.id) : secretReply(201, added, request);
    });
  }

  @Delete(':id')
  async remove(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.#change(request, reply, 'remove');
  }

  @Post(':id/enable')
  async enable(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.#change(request, reply, 'enable');
  }

  @Post(':id/rotate-secret')
  async rotate(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await serveGuarded(request, reply, async () => {
      const rotated = await rotateSecret(this.#parts.postgres.pool, this.#parts.sealer, request.merchantId, idOf(request));
      return rotated ? secretReply(200, rotated, request) : unknownReply(request);
    });
  }

  @Post(':id/test')
  async test(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await serveGuarded(request, reply, async (body) => {
      const asked = readBody(WebhookSampleRequest, body);
      if ('refused' in asked) return problemReply(asked, request.id);
      const { type } = asked.read;
      const { merchantId, id: requestId } = request;
      const sample = { eventId: newId('evt'), type, body: JSON.stringify(renderSample(type, { merchantId, requestId })) };
      const refusal = await queueSample(this.#parts.postgres.pool, merchantId, idOf(request), sample);
      if (refusal) return problemReply(refusal, requestId);
      const answer: WebhookSampleAnswer = { event_id: sample.eventId, type, request_id: requestId };
      return jsonReply(202, JSON.stringify(answer));
    });
  }

  @Get(':id/deliveries')
  async deliveries(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await serveGuarded(request, reply, async () => {
      const deliveries = await listDeliveries(this.#parts.postgres.pool, request.merchantId, idOf(request));
      if (!deliveries) return unknownReply(request);
      const answer: WebhookDeliveriesAnswer = { deliveries, request_id: request.id };
      return jsonReply(200, JSON.stringify(answer));
    });
  }

  @Post(':id/deliveries/:event/replay')
  async replay(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const { event } = request.params as { event: string };
    await serveGuarded(request, reply, async () => {
      const isThere = await replayDelivery(this.#parts.postgres.pool, request.merchantId, idOf(request), event);
      return isThere ? jsonReply(202, JSON.stringify({ event_id: event, request_id: request.id })) : unknownReply(request);
    });
  }

  async #change(request: FastifyRequest, reply: FastifyReply, change: 'remove' | 'enable'): Promise<void> {
    await serveGuarded(request, reply, async () => {
      const endpoint = await changeEndpoint(this.#parts.postgres.pool, request.merchantId, idOf(request), change);
      if (!endpoint) return unknownReply(request);
      const answer: WebhookEndpointAnswer = { ...endpoint, request_id: request.id };
      return jsonReply(200, JSON.stringify(answer));
    });
  }
}

function idOf(request: FastifyRequest): string {
  return (request.params as { id: string }).id;
}

function unknownReply(request: FastifyRequest): Reply {
  return problemReply({ refused: 'webhook_unknown' }, request.id);
}

function secretReply(status: number, { endpoint, secret }: EndpointWithSecret, request: FastifyRequest): Reply {
  const answer: WebhookSecretAnswer = { ...endpoint, secret, request_id: request.id };
  return jsonReply(status, JSON.stringify(answer), status === 201 ? { location: `/v1/webhooks/${endpoint.endpoint_id}` } : {});
}
