import { FEATURES } from '@trancendos/models/features/declare-features';
import type { FeatureDeclaration } from '@trancendos/models/features/feature-declaration';
import type { Condition, Rule, Ruleset } from './describe-ruleset.ts';

/** A rule that holds for a transaction. */
export interface Finding {
  readonly rule: Rule;
  /** Its message with the transaction's values. */
  readonly message: string;
}

/** What rules are evaluated on. */
export interface RuleFacts {
  /** In the order of `FEATURES`. */
  readonly features: readonly number[];
  readonly modelScored: boolean;
}

/** The rules that hold, in the order of the set. */
export function evaluateRules(ruleset: Ruleset, facts: RuleFacts): Finding[] {
  return ruleset.rules
    .filter((rule) => rule.when.every((condition) => holds(condition, facts)))
    .map((rule) => ({ rule, message: fillIn(rule.message, facts) }));
}

function holds({ field, is, value }: Condition, facts: RuleFacts): boolean {
  const actual = field === 'model_scored' ? Number(facts.modelScored) : valueOf(field, facts);
  switch (is) {
    case 'above':
      return actual > value;
    case 'at_least':
      return actual >= value;
    case 'equal_to':
      return actual === value;
  }
}

const COLUMNS = new Map<string, number>(FEATURES.map(({ name }, index) => [name, index]));

function valueOf(name: string, { features }: RuleFacts): number {
  const value = features[COLUMNS.get(name) ?? -1];
  if (value === undefined) throw new Error(`a rule names ${name}, which is no feature`);
  return value;
}

function fillIn(message: string, facts: RuleFacts): string {
  return message.replace(/\{(\w+)\}/g, (_, name: string) => format(FEATURES[COLUMNS.get(name) ?? -1]?.unit, valueOf(name, facts)));
}

function format(unit: FeatureDeclaration['unit'] | undefined, value: number): string {
  if (unit === 'major') return value.toFixed(2);
  if (unit === 'share') return `${Math.round(value * 100)} %`;
  return String(value);
}
