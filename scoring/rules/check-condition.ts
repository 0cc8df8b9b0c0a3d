import { Environment, type ASTNode, type ParseError, type TypeError as CelTypeError } from '@marcbachmann/cel-js';
import { FEATURES } from '@trancendos/models/features/declare-features';
import type { RuleFacts } from './rule-facts.ts';
import { TRANSACTION_FIELDS, TransactionFacts } from './rule-facts.ts';

/** Whether a rule holds. `indeterminate`: a field that it needs is missing, and the fields that are there do not settle it. */
export type Truth = 'holds' | 'silent' | 'indeterminate';

export type Condition = (facts: RuleFacts) => Truth;

export type ConditionCheck = { readonly ok: true; readonly condition: Condition } | { readonly ok: false; readonly detail: string };

/** All that a condition may call: nothing that loops, and nothing whose time depends on more than the length of a field. */
const FUNCTIONS = new Set(['has', 'size', 'startsWith', 'endsWith', 'contains', 'double', 'int', 'string']);

/** A condition fits on a line or two; evaluation takes a step for each of its nodes at most. */
const LIMITS = { maxAstNodes: 200, maxDepth: 20, maxListElements: 50, maxMapEntries: 0, maxCallArguments: 3 };

const ENVIRONMENT = declareFields(new Environment({ unlistedVariablesAreDyn: false, limits: LIMITS }));

function declareFields(environment: Environment): Environment {
  environment.registerType('Transaction', { ctor: TransactionFacts, fields: TRANSACTION_FIELDS });
  environment.registerVariable('transaction', 'Transaction').registerVariable('score', 'int').registerVariable('model_scored', 'bool');
  for (const { name, description } of FEATURES) environment.registerVariable(name, 'double', { description });
  return environment;
}

/**
 * Type-checks a condition of the Common Expression Language against the declared fields and prepares it. `&&` and `||` are settled by the
 * side that can be judged: a missing field makes a condition indeterminate only where it matters.
 */
export function checkCondition(when: string): ConditionCheck {
  const checked = ENVIRONMENT.check(when);
  if (!checked.valid) return { ok: false, detail: checked.error ? explain(checked.error, when) : 'does not check' };
  if (checked.type !== 'bool') return { ok: false, detail: `gives ${checked.type}, and a condition is true or false` };
  const evaluate = ENVIRONMENT.parse(when);
  const uses = collectUses(evaluate.ast);
  const foreign = uses.functions.find((name) => !FUNCTIONS.has(name));
  if (foreign !== undefined) return { ok: false, detail: `${foreign}() cannot be used here; there are ${[...FUNCTIONS].join(', ')}` };
  if (uses.fields.length === 0) return { ok: false, detail: 'reads no field, so it would hold for every payment or for none' };
  return {
    ok: true,
    condition: (facts) => {
      try {
        return evaluate(facts) === true ? 'holds' : 'silent';
      } catch (error) {
        if (isEvaluationError(error)) return 'indeterminate';
        throw error;
      }
    },
  };
}

function isEvaluationError(error: unknown): boolean {
  return error instanceof Error && error.name === 'EvaluationError';
}

/** The message with the place, and what to do in the one case that everybody meets. */
function explain({ summary, code, range }: ParseError | CelTypeError, when: string): string {
  const place = range ? ` at character ${range.start + 1}: ${quote(when.slice(range.start, range.end))}` : '';
  const mixed = code === 'no_such_overload' && /double \S+ int|int \S+ double/.test(summary);
  const advice = mixed ? '; features are numbers with a fraction: write 1.0 beside them, or double(score)' : '';
  return `${summary}${place}${advice}`.slice(0, 300);
}

function quote(text: string): string {
  return text === '' ? 'the end' : `"${text.slice(0, 80)}"`;
}

function collectUses(root: ASTNode): { functions: string[]; fields: string[] } {
  const uses = { functions: [] as string[], fields: [] as string[] };
  const visit = (part: unknown): void => {
    if (Array.isArray(part)) part.forEach(visit);
    else if (isNode(part)) {
      if (part.op === 'call' || part.op === 'rcall') uses.functions.push(part.args[0]);
      if (part.op === 'id') uses.fields.push(part.args);
      visit(part.args);
    }
  };
  visit(root);
  return uses;
}

function isNode(part: unknown): part is ASTNode {
  return typeof part === 'object' && part !== null && 'op' in part && 'args' in part;
}
