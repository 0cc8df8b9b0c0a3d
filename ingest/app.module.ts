import { type DynamicModule, Module } from '@nestjs/common';
import { KEYS_PARTS, KeysController, type KeysParts } from './keys/serve-keys.ts';
import { CONTROLLER_PARTS, type ControllerParts, MerchantApiController } from './merchant-api.controller.ts';

/** The shell of ingest: it is given finished parts and wires nothing itself. */
@Module({})
export class AppModule {
  static with(parts: ControllerParts, keys: KeysParts): DynamicModule {
    return {
      module: AppModule,
      controllers: [MerchantApiController, KeysController],
      providers: [
        { provide: CONTROLLER_PARTS, useValue: parts },
        { provide: KEYS_PARTS, useValue: keys },
      ],
    };
  }
}
