import type { Action } from '@trancendos/contracts/decision';
import type { FeedItem } from '@trancendos/contracts/socket';
import { currencyDigits } from '@trancendos/ui';

type Comparison = '>=' | '<=' | '>' | '<' | '=';

/** One term of a filter. A term that is not understood says so and filters nothing. */
export type FilterTerm =
  | { readonly kind: 'number'; readonly field: 'score' | 'amount'; readonly comparison: Comparison; readonly value: number }
  | { readonly kind: 'action'; readonly actions: readonly Action[] }
  | { readonly kind: 'contains'; readonly field: 'merchant' | 'payer'; readonly text: string }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'invalid'; readonly text: string };

const ACTIONS: Readonly<Record<string, Action>> = {
  approve: 'approve',
  approved: 'approve',
  review: 'review',
  held: 'review',
  decline: 'decline',
  declined: 'decline',
};
const COMPARE: Record<Comparison, (left: number, right: number) => boolean> = {
  '>=': (left, right) => left >= right,
  '<=': (left, right) => left <= right,
  '>': (left, right) => left > right,
  '<': (left, right) => left < right,
  '=': (left, right) => left === right,
};
const TERMS_MAX = 20;

/** The terms of a query such as `score>=300 action:review,decline books`, in their order. Amounts are in the row's currency, major units. */
export function parseFilter(query: string): FilterTerm[] {
  return splitTerms(query).map(parseTerm);
}

/** The words of a query, at most 20. */
export function splitTerms(query: string): string[] {
  return query.split(/\s+/).filter(Boolean).slice(0, TERMS_MAX);
}

/** Whether a row fits every term. */
export function matchesFilter(item: FeedItem, terms: readonly FilterTerm[]): boolean {
  return terms.every((term) => matchesTerm(item, term));
}

function parseTerm(text: string): FilterTerm {
  const numeric = /^(score|amount)(>=|<=|>|<|=|:)(.*)$/i.exec(text);
  if (numeric) return parseNumber(text, numeric);
  const named = /^(action|merchant|payer):(.*)$/i.exec(text);
  if (!named) return { kind: 'text', text: text.toLowerCase() };
  const field = named[1]?.toLowerCase();
  const value = (named[2] ?? '').toLowerCase();
  if (value === '') return { kind: 'invalid', text };
  if (field !== 'action') return { kind: 'contains', field: field === 'payer' ? 'payer' : 'merchant', text: value };
  const actions = value
    .split(',')
    .filter(Boolean)
    .map((word) => ACTIONS[word]);
  const known = actions.filter((action) => action !== undefined);
  return known.length === 0 || known.length < actions.length ? { kind: 'invalid', text } : { kind: 'action', actions: known };
}

function parseNumber(text: string, [, field, sign, digits]: RegExpExecArray): FilterTerm {
  if (digits === undefined || !/^\d{1,15}(\.\d{1,3})?$/.test(digits)) return { kind: 'invalid', text };
  const comparison = (sign === ':' ? '=' : sign) as Comparison;
  return { kind: 'number', field: field?.toLowerCase() === 'score' ? 'score' : 'amount', comparison, value: Number(digits) };
}

function matchesTerm(item: FeedItem, term: FilterTerm): boolean {
  switch (term.kind) {
    case 'number': {
      if (term.field === 'score') return COMPARE[term.comparison](item.score, term.value);
      const minor = Math.round(term.value * 10 ** currencyDigits(item.currency));
      return COMPARE[term.comparison](item.amount_minor, minor);
    }
    case 'action':
      return term.actions.includes(item.action);
    case 'contains':
      return (term.field === 'payer' ? payerText(item) : item.merchant_id).toLowerCase().includes(term.text);
    case 'text':
      return [
        item.transaction_id,
        item.merchant_id,
        payerText(item),
        ...item.reasons.map(({ code, message }) => `${code} ${message}`),
      ].some((text) => text.toLowerCase().includes(term.text));
    case 'invalid':
      return true;
  }
}

function payerText({ payer }: FeedItem): string {
  return `${payer.account_id ?? ''} ${payer.card_token ?? ''}`;
}
