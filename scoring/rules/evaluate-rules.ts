import type { RuleEffect } from '@trancendos/contracts/ruleset';
import type { Reason } from '@trancendos/contracts/decision';
import { REASON_CODES, type ReasonCode } from '@trancendos/contracts/reason-codes';
import type { CompiledRuleset } from './compile-ruleset.ts';
import type { RuleFacts } from './rule-facts.ts';

/** Something that binds the decision: a rule that holds, or a list that the payment is on. */
export interface Finding {
  readonly effect: RuleEffect;
  readonly weight: number;
  readonly code: ReasonCode;
  readonly category: Reason['category'];
  /** With the transaction's values. */
  readonly message: string;
  /** The rule with its version, or the list. */
  readonly source: string;
}

export interface RuleFindings {
  readonly findings: readonly Finding[];
  /** Ids of rules that could not be judged. */
  readonly indeterminate: readonly string[];
}

/** The rules that hold, in the order of the set, and those that cannot be judged. Expiry is by `atMs`, when the payment was received. */
export function evaluateRules(ruleset: CompiledRuleset, facts: RuleFacts, atMs: number): RuleFindings {
  const findings: Finding[] = [];
  const indeterminate: string[] = [];
  for (const { rule, condition, writeMessage, expiresAtMs } of ruleset.rules) {
    if (atMs >= expiresAtMs) continue;
    const truth = condition(facts);
    if (truth === 'indeterminate') indeterminate.push(rule.id);
    if (truth !== 'holds') continue;
    const { effect, weight, reason, id, version } = rule;
    const { category } = REASON_CODES[reason];
    findings.push({ effect, weight, code: reason, category, message: writeMessage(facts), source: `${id}@${version}` });
  }
  return { findings, indeterminate };
}
