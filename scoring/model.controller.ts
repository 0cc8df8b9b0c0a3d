import { Controller, Get, Inject } from '@nestjs/common';
import { FEATURE_SET, FEATURES } from '@trancendos/models/features/declare-features';
import type { HeldModel } from './hold-model.ts';
import type { Ruleset } from './rules/describe-ruleset.ts';

export interface ModelFacts {
  readonly model: HeldModel;
  readonly ruleset: Ruleset;
}
export const MODEL_FACTS = Symbol('model and rules that decide');

/** What decides now, for consoles and operators. */
@Controller('v1')
export class ModelController {
  readonly #facts: ModelFacts;

  constructor(@Inject(MODEL_FACTS) facts: ModelFacts) {
    this.#facts = facts;
  }

  /** Version, hash, thresholds and metrics of the model; nulls where rules alone decide. */
  @Get('model')
  model(): object {
    const { model, ruleset } = this.#facts;
    const { manifest, hash } = model.version ?? { manifest: null, hash: null };
    return {
      model: manifest?.name ?? null,
      hash,
      thresholds: manifest?.thresholds ?? null,
      feature_set: FEATURE_SET,
      ruleset: ruleset.version,
      data: manifest?.data ?? null,
      training: manifest?.training ?? null,
      metrics: manifest?.metrics ?? null,
    };
  }

  /** The declaration of every feature, in the order of the vector. */
  @Get('features')
  features(): object {
    return { feature_set: FEATURE_SET, features: FEATURES };
  }

  /** The rules that act beside the model. */
  @Get('rules')
  rules(): object {
    return this.#facts.ruleset;
  }
}
