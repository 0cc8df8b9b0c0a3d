import { compileFilter, type FilterTerm } from '@trancendos/contracts/feed-filter';
import type { FeedRow } from './row-ring.ts';

/** The rows of `newestFirst` that fit `terms`, for the moment until the gateway has answered another filter. Gaps are always shown. */
export function selectRows(newestFirst: readonly FeedRow[], terms: readonly FilterTerm[]): readonly FeedRow[] {
  const fits = compileFilter(terms);
  return fits ? newestFirst.filter((row) => row.kind === 'gap' || fits(row.item)) : newestFirst;
}
