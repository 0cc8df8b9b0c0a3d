import type { WatchedEntity } from '@trancendos/contracts/socket';
import { memo } from 'react';
import { FeedLine } from './feed-line.tsx';
import type { FeedRow } from './row-ring.ts';
import { concernsWatched } from './watch-list.ts';

export interface FeedBlockProps {
  readonly rows: readonly FeedRow[];
  /** The rows that are shown: from `first` on, without `end`. */
  readonly first: number;
  readonly end: number;
  readonly rowPx: number;
  /** Id of the selected row. */
  readonly selectedId: number | undefined;
  readonly watched: readonly WatchedEntity[];
}

/** Lines that are painted together. Each has its place for good and shows whatever row stands there: other words cost less than a new line. */
export const FeedBlock = memo(function FeedBlock({ rows, first, end, rowPx, selectedId, watched }: FeedBlockProps) {
  return rows.slice(first, end).map((row, place) => {
    const index = first + place;
    return (
      <FeedLine
        key={index}
        row={row}
        rowIndex={index + 2}
        top={index * rowPx}
        isSelected={row.id === selectedId}
        isWatched={row.kind === 'item' && concernsWatched(row.item, watched)}
      />
    );
  });
});
