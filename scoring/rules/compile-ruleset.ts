import { createHash } from 'node:crypto';
import type { Rule, Ruleset } from '@trancendos/contracts/ruleset';
import { checkCondition, type Condition } from './check-condition.ts';
import { runExample } from './run-example.ts';
import { compileMessage, type MessageWriter } from './write-message.ts';

/** A rule that has been checked and tried. */
export interface CompiledRule {
  readonly rule: Rule;
  readonly condition: Condition;
  readonly writeMessage: MessageWriter;
  /** Milliseconds since the epoch; Infinity: never. */
  readonly expiresAtMs: number;
}

/** Rules that act together, checked, under one version. */
export interface CompiledRuleset {
  /** Name and hash of the rules, e.g. `base-1@1a2b3c`. */
  readonly version: string;
  readonly source: Ruleset;
  readonly rules: readonly CompiledRule[];
}

/** Something in a ruleset that does not check. */
export interface RulesetError {
  /** RFC 6901, within the ruleset: `/rules/3/when`. */
  readonly pointer: string;
  readonly detail: string;
}

export type Compilation =
  { readonly ok: true; readonly ruleset: CompiledRuleset } | { readonly ok: false; readonly errors: readonly RulesetError[] };

/**
 * Checks every condition and message of a ruleset against the declared fields, and runs every rule's examples. One error refuses the whole
 * set, and all of them are told.
 */
export function compileRuleset(source: Ruleset): Compilation {
  const errors: RulesetError[] = [];
  const rules: CompiledRule[] = [];
  source.rules.forEach((rule, index) => {
    const pointer = `/rules/${index}`;
    const condition = checkCondition(rule.when);
    if (!condition.ok) errors.push({ pointer: `${pointer}/when`, detail: condition.detail });
    const message = compileMessage(rule.message);
    if (!message.ok) errors.push({ pointer: `${pointer}/message`, detail: message.detail });
    if (!condition.ok || !message.ok) return;
    const expiresAtMs = rule.expires_at === undefined ? Infinity : Date.parse(rule.expires_at);
    rules.push({ rule, condition: condition.condition, writeMessage: message.write, expiresAtMs });
    rule.examples.forEach((example, number) => {
      const detail = runExample(example, condition.condition);
      if (detail !== undefined) errors.push({ pointer: `${pointer}/examples/${number}`, detail });
    });
  });
  if (errors.length > 0) return { ok: false, errors };
  const hash = createHash('sha256').update(JSON.stringify(source.rules)).digest('hex').slice(0, 6);
  return { ok: true, ruleset: { version: `${source.name}@${hash}`, source, rules } };
}
