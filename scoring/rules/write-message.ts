import { FEATURES } from '@trancendos/models/features/declare-features';
import { formatFeature, TRANSACTION_FIELDS, type RuleFacts, type TransactionField } from './rule-facts.ts';

/** The message of a rule with the transaction's values. */
export type MessageWriter = (facts: RuleFacts) => string;

const MESSAGE_MAX = 160;
const PLACEHOLDER = /\{([^{}]*)\}/g;
const COLUMNS = new Map<string, number>(FEATURES.map(({ name }, index) => [name, index]));

/** Prepares a message in which `{feature_name}`, `{score}` and `{transaction.currency}` stand for values. */
export function compileMessage(
  message: string,
): { readonly ok: true; readonly write: MessageWriter } | { readonly ok: false; readonly detail: string } {
  for (const [, name = ''] of message.matchAll(PLACEHOLDER)) {
    if (readerOf(name) === undefined) return { ok: false, detail: `{${name}} is no field that could be put in` };
  }
  return {
    ok: true,
    write: (facts) => message.replace(PLACEHOLDER, (_, name: string) => readerOf(name)?.(facts) ?? 'unknown').slice(0, MESSAGE_MAX),
  };
}

function readerOf(name: string): ((facts: RuleFacts) => string | undefined) | undefined {
  const column = COLUMNS.get(name);
  if (column !== undefined) {
    return (facts) => {
      const value = facts.featureAt(column);
      return value === undefined ? undefined : formatFeature(FEATURES[column]?.unit, value);
    };
  }
  if (name === 'score') return (facts) => facts.score?.toString();
  const field = name.startsWith('transaction.') ? name.slice('transaction.'.length) : '';
  if (!Object.hasOwn(TRANSACTION_FIELDS, field)) return undefined;
  return (facts) => facts.transaction[field as TransactionField]?.toString();
}
