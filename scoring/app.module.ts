import { type DynamicModule, Module } from '@nestjs/common';
import { API_PARTS, ScoringApiController, type ApiParts } from './scoring-api.controller.ts';

/** The shell of scoring: it is given finished parts and wires nothing itself. */
@Module({})
export class AppModule {
  static with(parts: ApiParts): DynamicModule {
    return { module: AppModule, controllers: [ScoringApiController], providers: [{ provide: API_PARTS, useValue: parts }] };
  }
}
