import { matchesFilter, type FilterTerm } from './parse-filter.ts';
import { seqOf, type FeedRow } from './row-ring.ts';

/** What of the feed is on screen, and how many newer outcomes would fit but are held back. */
export interface SelectedRows {
  readonly rows: readonly FeedRow[];
  readonly heldBack: number;
}

/** Picks from `newestFirst` what fits `terms`. `upToSeq` freezes the view there: newer rows are counted only. Gaps are always shown. */
export function selectRows(newestFirst: readonly FeedRow[], terms: readonly FilterTerm[], upToSeq: number | undefined): SelectedRows {
  const rows: FeedRow[] = [];
  let heldBack = 0;
  for (const row of newestFirst) {
    if (row.kind === 'item' && !matchesFilter(row.item, terms)) continue;
    if (upToSeq === undefined || seqOf(row) <= upToSeq) rows.push(row);
    else if (row.kind === 'item') heldBack += 1;
  }
  return { rows, heldBack };
}
