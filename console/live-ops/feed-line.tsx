import type { FeedItem } from '@trancendos/contracts/socket';
import { memo } from 'react';
import { formatClockMs, formatCount, formatMoney, formatMs } from '@trancendos/ui';
import { DecisionLabel, toneOf } from './decision-label.tsx';
import { describeReason } from './describe-reason.ts';
import { namePayer } from './name-accounts.ts';
import type { FeedRow, ItemRow } from './row-ring.ts';

export interface FeedLineProps {
  readonly row: FeedRow;
  /** Place in the grid, from 1, the head included. */
  readonly rowIndex: number;
  /** Distance from the top of the list in px. */
  readonly top: number;
  readonly isSelected: boolean;
  readonly onSelect: (row: ItemRow) => void;
}

/** One line of the feed. Its cells are drawn once; only its place changes as newer lines come. */
export function FeedLine({ row, rowIndex, top, isSelected, onSelect }: FeedLineProps) {
  const style = { transform: `translateY(${top}px)` };
  if (row.kind === 'gap')
    return (
      <div className="feed-row feed-gap num" role="row" aria-rowindex={rowIndex} style={style} data-gap={row.missed ?? 'unknown'}>
        <span role="gridcell">{describeGap(row.missed)}</span>
      </div>
    );
  const { item } = row;
  return (
    <div
      className="feed-row feed-item"
      role="row"
      id={lineId(row.id)}
      aria-rowindex={rowIndex}
      aria-selected={isSelected}
      data-transaction-id={item.transaction_id}
      data-action={item.action}
      style={style}
      // A line moves on while a button is held down, so the press selects; a click alone comes from assistive technology.
      onMouseDown={({ button }) => button === 0 && onSelect(row)}
      onClick={() => onSelect(row)}
    >
      <Cells item={item} />
    </div>
  );
}

/** The id of a line's element. */
export function lineId(rowId: number): string {
  return `feed-row-${rowId}`;
}

const Cells = memo(function Cells({ item }: { readonly item: FeedItem }) {
  const [reason] = item.reasons;
  return (
    <>
      <span role="gridcell" className="mono text-muted">
        {formatClockMs(item.decided_at)}
      </span>
      <span role="gridcell" className="score num" data-tone={toneOf(item.action)}>
        <i aria-hidden>
          <u style={{ width: `${item.score / 10}%` }} />
        </i>
        <b>{item.score}</b>
      </span>
      <span role="gridcell" className="amount num">
        {formatMoney(item.amount_minor, item.currency)}
      </span>
      <span role="gridcell" className="who" title={`${namePayer(item)} → ${item.merchant_id}`}>
        <b>{namePayer(item)}</b> → {item.merchant_id}
      </span>
      <span role="gridcell" className="why" title={reason?.message}>
        {reason ? (
          <>
            <b>{describeReason(reason)}</b> {reason.message}
          </>
        ) : (
          '–'
        )}
      </span>
      <span role="gridcell">
        <DecisionLabel action={item.action} />
      </span>
      <span role="gridcell" className="num text-right text-muted">
        {formatMs(item.total_ms)} ms
      </span>
    </>
  );
});

function describeGap(missed: number | undefined): string {
  if (missed === undefined) return 'Some outcomes were not received here: the gateway no longer has them';
  return `${formatCount(missed)} ${missed === 1 ? 'outcome was' : 'outcomes were'} not received here; the figures count them`;
}
