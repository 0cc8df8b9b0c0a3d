import type { RuleExample } from '@trancendos/contracts/ruleset';
import { FEATURES } from '@trancendos/models/features/declare-features';
import type { Condition } from './check-condition.ts';
import { makeTransactionFacts, RuleFacts, TRANSACTION_FIELDS, type TransactionField } from './rule-facts.ts';

type Given = RuleExample['given'][string];

/** An ordinary payment, a Tuesday at noon: what an example does not say is like this. */
const ORDINARY: Record<TransactionField, string | number> = {
  currency: 'EUR',
  merchant_id: 'example',
  terminal_id: 'T-1',
  account_id: 'ACC-1',
  card_token: 'card_1',
  hour: 12,
  weekday: 2,
};
const COLUMNS = new Map<string, number>(FEATURES.map(({ name }, index) => [name, index]));

/** Tries a condition on an example. Undefined where it comes out as the example says, else what is wrong. */
export function runExample(example: RuleExample, condition: Condition): string | undefined {
  const transaction: Record<string, Given> = { ...ORDINARY };
  const features = FEATURES.map((feature) => feature.default);
  let score: number | null = 0;
  for (const [field, value] of Object.entries(example.given)) {
    const column = COLUMNS.get(field);
    const wrong = checkGiven(field, value, column);
    if (wrong !== undefined) return wrong;
    if (column !== undefined) features[column] = value === null ? NaN : Number(value);
    else if (field === 'score') score = value as number | null;
    else if (field === 'model_scored') score = value === true ? (score ?? 0) : null;
    else transaction[field.replace('transaction.', '')] = value;
  }
  const facts = new RuleFacts(makeTransactionFacts(toLanguage(transaction)), features, score);
  const truth = condition(facts);
  return truth === example.then ? undefined : `the condition is ${WORDS[truth]} with these values, the example says ${WORDS[example.then]}`;
}

const WORDS = { holds: 'true', silent: 'false', indeterminate: 'indeterminate' } as const;

function checkGiven(field: string, value: Given, column: number | undefined): string | undefined {
  const wanted = column === undefined ? typeOf(field) : 'number';
  if (wanted === undefined) return `${field} is no field; fields are features, score, model_scored and transaction.*`;
  if (value === null && field !== 'model_scored') return undefined;
  return FITS[wanted](value) ? undefined : `${field} is ${TYPE_WORDS[wanted]}`;
}

const FITS = {
  number: (value: Given) => typeof value === 'number',
  int: (value: Given) => Number.isInteger(value),
  bool: (value: Given) => typeof value === 'boolean',
  string: (value: Given) => typeof value === 'string',
};
const TYPE_WORDS = { number: 'a number', int: 'a whole number', bool: 'true or false', string: 'text' } as const;

function typeOf(field: string): keyof typeof FITS | undefined {
  if (field === 'score') return 'int';
  if (field === 'model_scored') return 'bool';
  const name = field.startsWith('transaction.') ? field.slice('transaction.'.length) : '';
  return Object.hasOwn(TRANSACTION_FIELDS, name) ? TRANSACTION_FIELDS[name as TransactionField] : undefined;
}

function toLanguage(values: Record<string, Given>): Partial<Record<TransactionField, string | bigint | undefined>> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, value === null ? undefined : typeof value === 'number' ? BigInt(value) : value]),
  );
}
