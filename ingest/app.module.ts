import { type DynamicModule, Module } from '@nestjs/common';
import { KEYS_PARTS, KeysController, type KeysParts } from './keys/serve-keys.ts';
import { CONTROLLER_PARTS, type ControllerParts, MerchantApiController } from './merchant-api.controller.ts';
import { WEBHOOK_PARTS, type WebhookParts, WebhooksController } from './webhooks/serve-webhooks.ts';

/** The shell of ingest: it is given finished parts and wires nothing itself. */
@Module({})
export class AppModule {
  static with(parts: ControllerParts, keys: KeysParts, webhooks: WebhookParts): DynamicModule {
    return {
      module: AppModule,
      controllers: [MerchantApiController, KeysController, WebhooksController],
      providers: [
        { provide: CONTROLLER_PARTS, useValue: parts },
        { provide: KEYS_PARTS, useValue: keys },
        { provide: WEBHOOK_PARTS, useValue: webhooks },
      ],
    };
  }
}
