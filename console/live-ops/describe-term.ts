import type { FilterTerm, TermProblem } from '@trancendos/contracts/feed-filter';
import { messagesOf } from '@trancendos/shell-api';
import { LIVE_MESSAGES } from './live-messages.ts';

/** A filter term as its chip reads it. `problem` says why a term filters nothing. */
export interface TermText {
  readonly field: string;
  readonly value: string;
  readonly problem?: string;
}

const SIGNS = { '>=': '≥', '<=': '≤', '>': '>', '<': '<', '=': '=' } as const;
const PROBLEMS = {
  unknown_field: 'unknownField',
  not_a_number: 'notANumber',
  unknown_value: 'unknownValue',
  no_value: 'noValue',
  too_many_values: 'tooManyValues',
} as const satisfies Record<TermProblem, string>;

/** The words for a filter term, in the reader's language: `score`, `≥ 300`. Fields and values stay as they are typed. */
export function describeTerm(term: FilterTerm): TermText {
  const text = messagesOf(LIVE_MESSAGES);
  const not = term.isNegated ? text.not : '';
  switch (term.kind) {
    case 'number':
      return { field: `${not}${term.field}`, value: `${SIGNS[term.comparison]} ${term.value}` };
    case 'choice':
      return { field: `${not}${term.field}`, value: term.values.join(', ') };
    case 'name':
      return { field: `${not}${term.field}`, value: `${term.match === 'equals' ? '= ' : ''}${term.values.join(', ')}` };
    case 'text':
      return { field: not.trim(), value: term.text };
    case 'invalid':
      return { field: '', value: term.text, problem: text.filtersNothing(text[PROBLEMS[term.problem]]) };
  }
}
