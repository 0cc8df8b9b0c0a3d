import { type DynamicModule, Module } from '@nestjs/common';
import { CONTROLLER_PARTS, type ControllerParts, MerchantApiController } from './merchant-api.controller.ts';

/** The shell of ingest: it is given finished parts and wires nothing itself. */
@Module({})
export class AppModule {
  static with(parts: ControllerParts): DynamicModule {
    return { module: AppModule, controllers: [MerchantApiController], providers: [{ provide: CONTROLLER_PARTS, useValue: parts }] };
  }
}
