import { createHash } from 'node:crypto';
import type { Reason } from '@trancendos/contracts/decision';
import type { FeatureName } from '@trancendos/models/features/declare-features';

/** What a rule does when it holds, from strongest to weakest. */
export const RULE_EFFECTS = ['fatal_block', 'allow', 'block', 'review'] as const;
export type RuleEffect = (typeof RULE_EFFECTS)[number];

/** What rules speak of: the declared features, and whether the model has given a score (1 or 0). */
export type RuleField = FeatureName | 'model_scored';

export interface Condition {
  readonly field: RuleField;
  readonly is: 'above' | 'at_least' | 'equal_to';
  readonly value: number;
}

/** A rule as data: it holds when all its conditions do. */
export interface Rule {
  /** Stable machine name, and the code of its reason. */
  readonly id: string;
  readonly effect: RuleEffect;
  readonly category: Reason['category'];
  readonly when: readonly Condition[];
  /** What people read; `{feature_name}` stands for the transaction's value. */
  readonly message: string;
}

/** Rules that act together, under one version. */
export interface Ruleset {
  /** Name and hash of the rules, e.g. `base-1@1a2b3c`. */
  readonly version: string;
  readonly rules: readonly Rule[];
}

export function describeRuleset(name: string, rules: readonly Rule[]): Ruleset {
  const hash = createHash('sha256').update(JSON.stringify(rules)).digest('hex').slice(0, 6);
  return { version: `${name}@${hash}`, rules };
}
