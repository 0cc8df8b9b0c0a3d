import { useVirtualizer } from '@tanstack/react-virtual';
import { ArrowUp, FunnelX, Inbox } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { formatCount } from '@trancendos/ui';
import { FeedLine, lineId } from './feed-line.tsx';
import { useLiveSession } from './live-session.ts';
import type { FeedRow, ItemRow } from './row-ring.ts';

const ROW_PX = 32;
const HEAD_PX = 30;
const COLUMNS = ['Time', 'Score', 'Amount', 'Payer → merchant', 'Why', 'Decision', 'Answer'];

export interface FeedListProps {
  readonly rows: readonly FeedRow[];
  /** Newer outcomes that are not shown because the view stands still. */
  readonly heldBack: number;
  readonly isFiltered: boolean;
  /** Id of the selected row. */
  readonly selectedId: number | undefined;
  readonly onSelect: (row: ItemRow) => void;
  readonly onAtTop: (isAtTop: boolean) => void;
  readonly onShowNew: () => void;
  readonly onResetFilter: () => void;
}

/** The feed, newest on top. Only the rows in sight are in the document. */
export function FeedList(props: FeedListProps) {
  const { matched } = useLiveSession().feed;
  const { rows, heldBack, selectedId, onSelect, onAtTop, onShowNew } = props;
  const scroller = useRef<HTMLDivElement>(null);
  // eslint-disable-next-line react-hooks/incompatible-library -- the virtualiser's changing answers are used in this component only
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    overscan: 4,
    scrollPaddingEnd: HEAD_PX, // the head stands over the first rows of the scrolled area
    getItemKey: (index) => rows[index]?.id ?? `none-${index}`,
  });
  useEffect(() => {
    const index = rows.findIndex(({ id }) => id === selectedId);
    if (index >= 0) virtual.scrollToIndex(index, { align: 'auto' });
    // eslint-disable-next-line react-hooks/exhaustive-deps -- follows the selection; rows that arrive must not move the view
  }, [selectedId]);
  const showNew = () => {
    scroller.current?.scrollTo({ top: 0 });
    onShowNew();
  };

  return (
    <div className="feed" data-matched={matched}>
      {heldBack > 0 && (
        <button type="button" className="new-rows num" onClick={showNew}>
          <ArrowUp className="icon" aria-hidden />
          {formatCount(heldBack)} new
        </button>
      )}
      <div
        className="feed-grid"
        ref={scroller}
        role="grid"
        tabIndex={0}
        aria-label="Live feed"
        aria-rowcount={rows.length + 1}
        aria-colcount={COLUMNS.length}
        aria-activedescendant={selectedId === undefined ? undefined : lineId(selectedId)}
        data-empty={rows.length === 0}
        onScroll={({ currentTarget }) => onAtTop(currentTarget.scrollTop < ROW_PX / 2)}
      >
        <div className="feed-row feed-head" role="row" aria-rowindex={1}>
          {COLUMNS.map((name) => (
            <span key={name} role="columnheader" className={name === 'Amount' || name === 'Answer' ? 'text-right' : undefined}>
              {name}
            </span>
          ))}
        </div>
        <div className="feed-body" style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map(({ key, index, start }) => {
            const row = rows[index];
            return (
              row && (
                <FeedLine key={key} row={row} rowIndex={index + 2} top={start} isSelected={row.id === selectedId} onSelect={onSelect} />
              )
            );
          })}
        </div>
      </div>
      {rows.length === 0 && <NoRows isFiltered={props.isFiltered} onResetFilter={props.onResetFilter} />}
    </div>
  );
}

function NoRows({ isFiltered, onResetFilter }: Pick<FeedListProps, 'isFiltered' | 'onResetFilter'>) {
  const { feed } = useLiveSession();
  if (feed.receivedAtMs === 0) return <SkeletonRows />;
  if (!isFiltered || feed.toSeq === 0)
    return (
      <div className="notice" role="status">
        <span className="notice-icon">
          <Inbox className="icon" aria-hidden />
        </span>
        <h2>No transaction yet</h2>
        <p>The first one that a merchant sends appears here at once.</p>
      </div>
    );
  return (
    <div className="notice" role="status">
      <span className="notice-icon">
        <FunnelX className="icon" aria-hidden />
      </span>
      <h2>Nothing fits this filter</h2>
      <p>New outcomes that fit it will appear here. The figures above go on counting everything.</p>
      <button type="button" className="button" onClick={onResetFilter}>
        Show everything
      </button>
    </div>
  );
}

function SkeletonRows() {
  return (
    <div className="appear-late" role="status" aria-label="Loading the feed">
      {Array.from({ length: 18 }, (_, index) => (
        <div key={index} className="feed-row" aria-hidden>
          {[64, 60, 56, 150, 110, 70, 40].map((width, column) => (
            <span key={column} className="skeleton h-2.5" style={{ width: width - ((index * 7 + column * 5) % 14) }} />
          ))}
        </div>
      ))}
    </div>
  );
}
