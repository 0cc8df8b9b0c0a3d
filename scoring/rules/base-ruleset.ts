import { Ruleset } from '@trancendos/contracts/ruleset';
import { compileRuleset, type CompiledRuleset } from './compile-ruleset.ts';
import base from './base-ruleset.json' with { type: 'json' };

/**
 * The rules that hold until others are published: what no model may overrule, and what holds while there is no model. Amounts are compared
 * as they stand, whatever their currency. They are part of the build: that they do not check is a fault.
 */
export function loadBaseRuleset(): CompiledRuleset {
  const compilation = compileRuleset(Ruleset.parse(base));
  if (!compilation.ok) throw new Error(compilation.errors.map(({ pointer, detail }) => `${pointer} ${detail}`).join('; '));
  return compilation.ruleset;
}
