import type { FeedItem } from '@trancendos/contracts/socket';
import { Eye } from 'lucide-react';
import { memo } from 'react';
import { useMessages } from '@trancendos/shell-api';
import { formatClockMs, formatCount, formatMoney, formatMs } from '@trancendos/ui';
import { DecisionLabel, toneOf } from './decision-label.tsx';
import { wordReason } from '../wording/word-reason.ts';
import { describeReason } from './describe-reason.ts';
import { LIVE_MESSAGES } from './live-messages.ts';
import { namePayer } from './name-accounts.ts';
import type { FeedRow } from './row-ring.ts';

export interface FeedLineProps {
  readonly row: FeedRow;
  /** Place in the grid, from 1, the head included. */
  readonly rowIndex: number;
  /** Distance from the top of the list in px. */
  readonly top: number;
  readonly isSelected: boolean;
  /** It is about somebody or something that the reader watches. */
  readonly isWatched: boolean;
}

/** One line of the feed. */
export function FeedLine({ row, rowIndex, top, isSelected, isWatched }: FeedLineProps) {
  const style = { top };
  if (row.kind === 'gap')
    return (
      <div className="feed-row feed-gap num" role="row" aria-rowindex={rowIndex} style={style} data-gap={row.missed ?? 'unknown'}>
        <Gap missed={row.missed} />
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
      data-watched={isWatched}
      style={style}
    >
      <Cells item={item} isWatched={isWatched} />
    </div>
  );
}

const LINE_ID = 'feed-row-';

/** The id of a line's element. */
export function lineId(rowId: number): string {
  return `${LINE_ID}${rowId}`;
}

/** The id of the row whose line `element` is in. */
export function rowIdOf(element: Element): number | undefined {
  const line = element.closest('.feed-item');
  return line ? Number(line.id.slice(LINE_ID.length)) : undefined;
}

const Cells = memo(function Cells({ item, isWatched }: { readonly item: FeedItem; readonly isWatched: boolean }) {
  const text = useMessages(LIVE_MESSAGES);
  const [reason] = item.reasons;
  return (
    <>
      <span role="gridcell" className="mono text-muted">
        {formatClockMs(item.decided_at)}
      </span>
      <span role="gridcell" className="score num" data-tone={toneOf(item.action)}>
        <i aria-hidden style={{ backgroundSize: `${item.score / 10}% 100%` }} />
        <b>{item.score}</b>
      </span>
      <span role="gridcell" className="amount num">
        {formatMoney(item.amount_minor, item.currency)}
      </span>
      <span role="gridcell" className="who" title={`${namePayer(item)} → ${item.merchant_id}`}>
        {isWatched && <Eye className="icon watched-mark" role="img" aria-label={text.watchedRow} />}
        <b>{namePayer(item)}</b>
        {` → ${item.merchant_id}`}
      </span>
      <span role="gridcell" className="why" title={reason && wordReason(reason)}>
        {reason ? (
          <>
            <b>{describeReason(reason)}</b>
            {` ${wordReason(reason)}`}
          </>
        ) : (
          '–'
        )}
      </span>
      <span role="gridcell">
        <DecisionLabel action={item.action} />
      </span>
      <span role="gridcell" className="num text-right text-muted">
        {`${formatMs(item.total_ms)} ms`}
      </span>
    </>
  );
});

function Gap({ missed }: { readonly missed: number | undefined }) {
  const text = useMessages(LIVE_MESSAGES);
  return <span role="gridcell">{missed === undefined ? text.gapUnknown : text.gap(missed, formatCount(missed))}</span>;
}
