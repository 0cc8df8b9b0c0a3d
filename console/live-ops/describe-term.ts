import type { FilterTerm } from './parse-filter.ts';

/** A filter term as its chip reads it. `problem` says why a term filters nothing. */
export interface TermText {
  readonly field: string;
  readonly value: string;
  readonly problem?: string;
}

const SIGNS = { '>=': '≥', '<=': '≤', '>': '>', '<': '<', '=': '=' } as const;

/** The words for a filter term: `score`, `≥ 300`. */
export function describeTerm(term: FilterTerm): TermText {
  switch (term.kind) {
    case 'number':
      return { field: term.field, value: `${SIGNS[term.comparison]} ${term.value}` };
    case 'action':
      return { field: 'action', value: term.actions.join(', ') };
    case 'contains':
      return { field: term.field, value: term.text };
    case 'text':
      return { field: '', value: term.text };
    case 'invalid':
      return {
        field: '',
        value: term.text,
        problem: 'Not understood, so it filters nothing. Try score>=300, amount>100 or action:review.',
      };
  }
}
