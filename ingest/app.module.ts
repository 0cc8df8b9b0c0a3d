import { type DynamicModule, Module } from '@nestjs/common';
import { KEYS_PARTS, KeysController, type KeysParts } from './keys/serve-keys.ts';
import { CONTROLLER_PARTS, type ControllerParts, MerchantApiController } from './merchant-api.controller.ts';
import type { OperationParts } from './operations/accept-operation.ts';
import { OPERATION_PARTS, OperationsController } from './operations/serve-operations.ts';
import { WEBHOOK_PARTS, type WebhookParts, WebhooksController } from './webhooks/serve-webhooks.ts';

export interface AppParts {
  readonly api: ControllerParts;
  readonly keys: KeysParts;
  readonly webhooks: WebhookParts;
  readonly operations: OperationParts;
}

/** The shell of ingest: it is given finished parts and wires nothing itself. */
@Module({})
export class AppModule {
  static with({ api, keys, webhooks, operations }: AppParts): DynamicModule {
    return {
      module: AppModule,
      controllers: [MerchantApiController, OperationsController, KeysController, WebhooksController],
      providers: [
        { provide: CONTROLLER_PARTS, useValue: api },
        { provide: OPERATION_PARTS, useValue: operations },
        { provide: KEYS_PARTS, useValue: keys },
        { provide: WEBHOOK_PARTS, useValue: webhooks },
      ],
    };
  }
}
