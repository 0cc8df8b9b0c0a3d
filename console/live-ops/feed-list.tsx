import { ArrowUp, FunnelX, Inbox } from 'lucide-react';
import { useEffect, useRef, type MouseEvent } from 'react';
import { useDensity, useMessages } from '@trancendos/shell-api';
import { formatCount, useCell } from '@trancendos/ui';
import { FeedBlock } from './feed-block.tsx';
import { lineId, rowIdOf } from './feed-line.tsx';
import { LIVE_MESSAGES } from './live-messages.ts';
import { useLiveSession } from './live-session.ts';
import type { FeedRow, ItemRow } from './row-ring.ts';
import { useFrameLater } from './use-frame-later.ts';
import { useRowWindow } from './use-row-window.ts';

/** The heights of `--row`. */
const ROW_PX = { compact: 32, comfortable: 40 } as const;
const HEAD_PX = 30;
const COLUMNS = ['time', 'score', 'amount', 'payerToMerchant', 'why', 'decision', 'answer'] as const;

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
  const text = useMessages(LIVE_MESSAGES);
  const { feed, watchList } = useLiveSession();
  const watched = useCell(watchList.entities);
  const { rows, heldBack, selectedId, onSelect, onAtTop, onShowNew } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const rowPx = ROW_PX[useDensity()];
  const { first, end, scrollTo } = useRowWindow(scroller, { count: rows.length, rowPx, headPx: HEAD_PX });
  useEffect(() => {
    const index = rows.findIndex(({ id }) => id === selectedId);
    if (index >= 0) scrollTo(index);
    // eslint-disable-next-line react-hooks/exhaustive-deps -- follows the selection; rows that arrive must not move the view
  }, [selectedId]);
  // A frame at a thousand outcomes a second gives every line in sight other words: in one piece that would cost the page an animation frame.
  const rowsLater = useFrameLater(rows);
  const middle = Math.ceil((first + end) / 2);
  const block = { rowPx, selectedId, watched };
  // A line moves on while a button is held down, so the press selects; a click alone comes from assistive technology.
  const press = ({ target, button }: MouseEvent) => {
    const id = button === 0 && target instanceof Element ? rowIdOf(target) : undefined;
    const row = rows.find((each): each is ItemRow => each.kind === 'item' && each.id === id);
    if (row) onSelect(row);
  };
  const showNew = () => {
    scroller.current?.scrollTo({ top: 0 });
    onShowNew();
  };

  return (
    <div className="feed" data-matched={feed.matched}>
      {heldBack > 0 && (
        <button type="button" className="new-rows num" onClick={showNew}>
          <ArrowUp className="icon" aria-hidden />
          {text.fresh(formatCount(heldBack))}
        </button>
      )}
      <div
        className="feed-grid"
        ref={scroller}
        role="grid"
        tabIndex={0}
        aria-label={text.feed}
        aria-rowcount={rows.length + 1}
        aria-colcount={COLUMNS.length}
        aria-activedescendant={selectedId === undefined ? undefined : lineId(selectedId)}
        data-empty={rows.length === 0}
        onScroll={({ currentTarget }) => onAtTop(currentTarget.scrollTop < rowPx / 2)}
      >
        <Head />
        <div className="feed-body" style={{ height: rows.length * rowPx }} onMouseDown={press} onClick={press}>
          <FeedBlock {...block} rows={rows} first={first} end={middle} />
          <FeedBlock {...block} rows={rowsLater} first={middle} end={end} />
        </div>
      </div>
      {rows.length === 0 && <NoRows isFiltered={props.isFiltered} onResetFilter={props.onResetFilter} />}
    </div>
  );
}

function Head() {
  const text = useMessages(LIVE_MESSAGES);
  return (
    <div className="feed-row feed-head" role="row" aria-rowindex={1}>
      {COLUMNS.map((name) => (
        <span key={name} role="columnheader" className={name === 'amount' || name === 'answer' ? 'text-right' : undefined}>
          {text[name]}
        </span>
      ))}
    </div>
  );
}

function NoRows({ isFiltered, onResetFilter }: Pick<FeedListProps, 'isFiltered' | 'onResetFilter'>) {
  const text = useMessages(LIVE_MESSAGES);
  const { feed } = useLiveSession();
  if (feed.receivedAtMs === 0) return <SkeletonRows />;
  if (!isFiltered || feed.toSeq === 0)
    return (
      <div className="notice" role="status">
        <span className="notice-icon">
          <Inbox className="icon" aria-hidden />
        </span>
        <h2>{text.noneYet}</h2>
        <p>{text.noneYetText}</p>
      </div>
    );
  return (
    <div className="notice" role="status">
      <span className="notice-icon">
        <FunnelX className="icon" aria-hidden />
      </span>
      <h2>{text.noneFits}</h2>
      <p>{text.noneFitsText}</p>
      <button type="button" className="button" onClick={onResetFilter}>
        {text.showEverything}
      </button>
    </div>
  );
}

function SkeletonRows() {
  const text = useMessages(LIVE_MESSAGES);
  return (
    <div className="appear-late" role="status" aria-label={text.loadingFeed}>
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
