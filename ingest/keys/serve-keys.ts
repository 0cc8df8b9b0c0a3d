import { Controller, Delete, Get, Inject, Post, Put, Req, Res } from '@nestjs/common';
import { KeyId, NewApiKey, type ApiKeyAnswer, type ApiKeysAnswer, type NewApiKeyAnswer } from '@trancendos/contracts/api-key';
import { MerchantSettings, type SettingsAnswer } from '@trancendos/contracts/settings';
import { nowMs } from '@trancendos/platform/clock';
import type { Postgres } from '@trancendos/platform/postgres';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { readBody } from '../read-body.ts';
import { jsonReply, problemReply, type Reply } from '../reply.ts';
import type { Sealer } from '../seal-secret.ts';
import { serveGuarded } from '../serve-replies.ts';
import type { KeyRing } from './key-ring.ts';
import type { SettingsBoard } from './merchant-settings.ts';
import { createKey, listKeys, renderKey, revokeKey } from './store-keys.ts';

export interface KeysParts {
  readonly postgres: Pick<Postgres, 'pool' | 'inTransaction'>;
  readonly sealer: Sealer;
  readonly ring: Pick<KeyRing, 'look'>;
  readonly settings: Pick<SettingsBoard, 'of' | 'replace'>;
}
export const KEYS_PARTS = Symbol('parts of the key API');

/** API keys and settings of the merchant that asks. */
@Controller('v1')
export class KeysController {
  readonly #parts: KeysParts;

  constructor(@Inject(KEYS_PARTS) parts: KeysParts) {
    this.#parts = parts;
  }

  @Get('keys')
  async list(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await serveGuarded(request, reply, async () => {
      const rows = await listKeys(this.#parts.postgres.pool, request.merchantId);
      const answer: ApiKeysAnswer = { keys: rows.map(renderKey), request_id: request.id };
      return jsonReply(200, JSON.stringify(answer));
    });
  }

  @Post('keys')
  async create(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await serveGuarded(request, reply, (body) => this.#create(request, body));
  }

  @Delete('keys/:id')
  async revoke(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const { id } = request.params as { id: string };
    await serveGuarded(request, reply, async () => {
      const isId = KeyId.safeParse(id).success;
      const row = isId ? await revokeKey(this.#parts.postgres.pool, request.merchantId, id) : undefined;
      if (!row) return problemReply({ refused: 'key_unknown' }, request.id);
      await this.#parts.ring.look();
      const answer: ApiKeyAnswer = { ...renderKey(row), request_id: request.id };
      return jsonReply(200, JSON.stringify(answer));
    });
  }

  @Get('settings')
  async settings(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await serveGuarded(request, reply, () => Promise.resolve(this.#settingsReply(request)));
  }

  @Put('settings')
  async settle(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await serveGuarded(request, reply, async (body) => {
      const settings = readBody(MerchantSettings, body);
      if ('refused' in settings) return problemReply(settings, request.id);
      // Whoever asks for signatures shows first that they can sign, or they would lock themselves out.
      if (settings.read.require_signature && !request.isSigned) return problemReply({ refused: 'signature_missing' }, request.id);
      await this.#parts.settings.replace(request.merchantId, settings.read);
      return this.#settingsReply(request);
    });
  }

  async #create(request: FastifyRequest, body: Uint8Array): Promise<Reply> {
    const asked = readBody(NewApiKey, body);
    if ('refused' in asked) return problemReply(asked, request.id);
    if (asked.read.expires_at !== undefined && Date.parse(asked.read.expires_at) <= nowMs()) {
      const misfits = [{ pointer: '/expires_at', detail: 'a time in the future' }];
      return problemReply({ refused: 'invalid_field', misfits }, request.id);
    }
    const created = await createKey(this.#parts.postgres, this.#parts.sealer, request.merchantId, asked.read);
    if ('refused' in created) return problemReply(created, request.id);
    await this.#parts.ring.look();
    const answer: NewApiKeyAnswer = {
      ...renderKey(created.row),
      key: created.key,
      signing_secret: created.signingSecret.toString('base64'),
      request_id: request.id,
    };
    return jsonReply(201, JSON.stringify(answer), { location: `/v1/keys/${created.row.key_id}` });
  }

  #settingsReply(request: FastifyRequest): Reply {
    const answer: SettingsAnswer = { ...this.#parts.settings.of(request.merchantId), request_id: request.id };
    return jsonReply(200, JSON.stringify(answer));
  }
}
