import { CURRENCY_EXPONENT } from './currency-exponent.ts';
import type { Action, Reason } from './decision.ts';
import type { Money } from './outcome.ts';
import type { Payer } from './transaction.ts';
import type { Currency } from './money.ts';

/** What a filter looks at. */
export interface FilterRow {
  readonly transaction_id: string;
  readonly merchant_id: string;
  readonly terminal_id: string | null;
  readonly payer: Payer;
  readonly amount_minor: number;
  readonly currency: Currency;
  readonly score: number;
  readonly action: Action;
  readonly reasons: readonly Reason[];
  readonly money: Money;
  readonly model: string | null;
}

export type Comparison = '>=' | '<=' | '>' | '<' | '=';
/** Why a term is not understood. */
export type TermProblem = 'unknown_field' | 'not_a_number' | 'unknown_value' | 'no_value' | 'too_many_values';
export type NameField = keyof typeof NAMES;
export type ChoiceField = keyof typeof CHOICES;

/** One term of a filter. `isNegated` turns it round. A term that is not understood says why and filters nothing. */
export type FilterTerm = { readonly isNegated: boolean } & (
  | { readonly kind: 'number'; readonly field: 'score' | 'amount'; readonly comparison: Comparison; readonly value: number }
  | { readonly kind: 'choice'; readonly field: ChoiceField; readonly values: readonly string[] }
  | { readonly kind: 'name'; readonly field: NameField; readonly match: 'contains' | 'equals'; readonly values: readonly string[] }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'invalid'; readonly text: string; readonly problem: TermProblem }
);
type ValidTerm = Exclude<FilterTerm, { kind: 'invalid' }>;

export const FILTER_CHARS_MAX = 400;
const TERMS_MAX = 20;
const VALUES_MAX = 20;

/** Fields of a closed set, with the words that are understood for each value. */
const CHOICES = {
  action: { approve: 'approve', approved: 'approve', review: 'review', held: 'review', decline: 'decline', declined: 'decline' },
  money: { posted: 'posted', pending: 'pending', held: 'pending', voided: 'voided', none: 'none' },
} as const satisfies Record<string, Record<string, string>>;

/** Fields of names, with the texts of a row that each looks at. */
const NAMES = {
  merchant: (row: FilterRow) => [row.merchant_id],
  terminal: (row: FilterRow) => [row.terminal_id ?? ''],
  payer: (row: FilterRow) => [row.payer.account_id ?? '', row.payer.card_token ?? ''],
  card: (row: FilterRow) => [row.payer.card_token ?? ''],
  reason: (row: FilterRow) => row.reasons.flatMap(({ code, rule }) => (rule === undefined ? [code] : [code, rule])),
  model: (row: FilterRow) => [row.model ?? ''],
  currency: (row: FilterRow) => [row.currency],
  transaction: (row: FilterRow) => [row.transaction_id],
} as const satisfies Record<string, (row: FilterRow) => string[]>;

const COMPARE: Record<Comparison, (left: number, right: number) => boolean> = {
  '>=': (left, right) => left >= right,
  '<=': (left, right) => left <= right,
  '>': (left, right) => left > right,
  '<': (left, right) => left < right,
  '=': (left, right) => left === right,
};

/** The words of a query, at most 20. */
export function splitTerms(query: string): string[] {
  return query.slice(0, FILTER_CHARS_MAX).split(/\s+/).filter(Boolean).slice(0, TERMS_MAX);
}

/**
 * The terms of a query such as `score>=300 action:review,decline merchant=books-03 -reason:velocity books`, in their order. All must hold.
 * `:` asks for a part of a name, `=` for the whole, `,` for any of several, `-` for the opposite. Amounts are in the row's currency, in
 * major units.
 */
export function parseFilter(query: string): FilterTerm[] {
  return splitTerms(query).map(parseTerm);
}

/** The one way to write what `terms` ask for, in small letters; terms that are not understood are left out. Equal texts match the same rows. */
export function canonicalFilter(terms: readonly FilterTerm[]): string {
  return [...new Set(terms.filter(isValid).map(writeTerm))].sort().join(' ');
}

/** A test of rows against every valid term, for many rows. Undefined where every row matches. */
export function compileFilter(terms: readonly FilterTerm[]): ((row: FilterRow) => boolean) | undefined {
  const tests = terms.filter(isValid).map((term) => {
    const test = compileTerm(term);
    return term.isNegated ? (row: FilterRow) => !test(row) : test;
  });
  return tests.length === 0 ? undefined : (row) => tests.every((test) => test(row));
}

const isValid = (term: FilterTerm): term is ValidTerm => term.kind !== 'invalid';

/** What a term says, before it is known whether it is turned round. */
type TermContent = FilterTerm extends infer T ? (T extends FilterTerm ? Omit<T, 'isNegated'> : never) : never;

function parseTerm(word: string): FilterTerm {
  const isNegated = word.length > 1 && word.startsWith('-');
  const content = parseContent(isNegated ? word.slice(1) : word);
  return content.kind === 'invalid' ? { ...content, isNegated, text: word } : { ...content, isNegated };
}

function parseContent(text: string): TermContent {
  const [, name, sign = '', value = ''] = /^([a-z]+)(>=|<=|>|<|=|:)(.*)$/i.exec(text) ?? [];
  if (name === undefined) return { kind: 'text', text: text.toLowerCase() };
  const field = name.toLowerCase();
  if (field === 'score' || field === 'amount') return parseNumber(field, sign === ':' ? '=' : (sign as Comparison), value);
  if (!isKeyOf(NAMES, field) && !isKeyOf(CHOICES, field)) return invalid('unknown_field');
  return parseValues(field, sign, [...new Set(value.toLowerCase().split(',').filter(Boolean))].sort());
}

function parseValues(field: NameField | ChoiceField, sign: string, values: readonly string[]): TermContent {
  if (values.length === 0) return invalid('no_value');
  if (values.length > VALUES_MAX) return invalid('too_many_values');
  if (sign !== ':' && sign !== '=') return invalid('unknown_value');
  return isKeyOf(CHOICES, field)
    ? parseChoice(field, values)
    : { kind: 'name', field, match: sign === '=' ? 'equals' : 'contains', values };
}

function parseNumber(field: 'score' | 'amount', comparison: Comparison, digits: string): TermContent {
  if (digits === '') return invalid('no_value');
  return /^\d{1,12}(\.\d{1,3})?$/.test(digits) ? { kind: 'number', field, comparison, value: Number(digits) } : invalid('not_a_number');
}

function parseChoice(field: ChoiceField, given: readonly string[]): TermContent {
  const words: Readonly<Record<string, string>> = CHOICES[field];
  if (!given.every((word) => Object.hasOwn(words, word))) return invalid('unknown_value');
  return { kind: 'choice', field, values: [...new Set(given.map((word) => words[word] ?? word))].sort() };
}

function invalid(problem: TermProblem): TermContent {
  return { kind: 'invalid', text: '', problem };
}

function isKeyOf<T extends object>(table: T, key: string): key is Extract<keyof T, string> {
  return Object.hasOwn(table, key);
}

function writeTerm(term: ValidTerm): string {
  const minus = term.isNegated ? '-' : '';
  switch (term.kind) {
    case 'number':
      return `${minus}${term.field}${term.comparison}${term.value}`;
    case 'choice':
      return `${minus}${term.field}:${term.values.join(',')}`;
    case 'name':
      return `${minus}${term.field}${term.match === 'equals' ? '=' : ':'}${term.values.join(',')}`;
    case 'text':
      return `${minus}${term.text}`;
  }
}

function compileTerm(term: ValidTerm): (row: FilterRow) => boolean {
  switch (term.kind) {
    case 'number':
      return compileNumber(term);
    case 'choice': {
      const wanted: ReadonlySet<string> = new Set(term.values);
      return term.field === 'action' ? ({ action }) => wanted.has(action) : ({ money }) => wanted.has(money.state);
    }
    case 'name': {
      const textsOf = NAMES[term.field];
      const { values } = term;
      const fits = (text: string) => (term.match === 'equals' ? values.includes(text) : values.some((value) => text.includes(value)));
      return (row) => textsOf(row).some((text) => fits(text.toLowerCase()));
    }
    case 'text':
      return (row) => searchedTexts(row).some((text) => text.toLowerCase().includes(term.text));
  }
}

function compileNumber({ field, comparison, value }: Extract<ValidTerm, { kind: 'number' }>): (row: FilterRow) => boolean {
  const compare = COMPARE[comparison];
  if (field === 'score') return ({ score }) => compare(score, value);
  // At most three decimals are written, so thousandths are whole numbers, and half a cent is more than none.
  const thousandths = Math.round(value * 1_000);
  return ({ amount_minor: minor, currency }) => compare(minor, thousandths / 10 ** (3 - CURRENCY_EXPONENT[currency]));
}

function searchedTexts(row: FilterRow): string[] {
  const names = [row.transaction_id, row.merchant_id, row.terminal_id ?? '', row.payer.account_id ?? '', row.payer.card_token ?? ''];
  return [...names, ...row.reasons.map(({ code, message }) => `${code} ${message}`)];
}
