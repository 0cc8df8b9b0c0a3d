import type { FilterTerm, TermProblem } from '@trancendos/contracts/feed-filter';

/** A filter term as its chip reads it. `problem` says why a term filters nothing. */
export interface TermText {
  readonly field: string;
  readonly value: string;
  readonly problem?: string;
}

const SIGNS = { '>=': '≥', '<=': '≤', '>': '>', '<': '<', '=': '=' } as const;
const PROBLEMS: Readonly<Record<TermProblem, string>> = {
  unknown_field: 'There is no such field. Try score, amount, action, merchant, terminal, payer, card, reason, model or money.',
  not_a_number: 'A number is needed: score>=300 or amount>100.50.',
  unknown_value: 'Not a value of this field. Try action:review,decline or money:posted.',
  no_value: 'Something is missing after the field.',
  too_many_values: 'At most 20 values fit one term.',
};

/** The words for a filter term: `score`, `≥ 300`. */
export function describeTerm(term: FilterTerm): TermText {
  const not = term.isNegated ? 'not ' : '';
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
      return { field: '', value: term.text, problem: `Filters nothing. ${PROBLEMS[term.problem]}` };
  }
}
