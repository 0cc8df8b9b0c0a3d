import { type DynamicModule, Module } from '@nestjs/common';
import { MODEL_FACTS, ModelController, type ModelFacts } from './model.controller.ts';

/** The shell of scoring: it is given finished parts and wires nothing itself. */
@Module({})
export class AppModule {
  static with(facts: ModelFacts): DynamicModule {
    return { module: AppModule, controllers: [ModelController], providers: [{ provide: MODEL_FACTS, useValue: facts }] };
  }
}
