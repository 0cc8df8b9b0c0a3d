import { useEffect, useMemo, useState } from 'react';
import { tinykeys } from 'tinykeys';
import type { FeedItem } from '@trancendos/contracts/socket';
import { useCell } from '@trancendos/ui';
import { FeedList } from './feed-list.tsx';
import { FilterBar } from './filter-bar.tsx';
import { KeyboardHelp } from './keyboard-help.tsx';
import { KpiStrip } from './kpi-strip.tsx';
import { useLiveSession } from './live-session.ts';
import { parseFilter } from './parse-filter.ts';
import { seqOf, type FeedRow } from './row-ring.ts';
import { selectRows } from './select-rows.ts';
import { TransactionDrawer } from './transaction-drawer.tsx';
import { useQuery } from './use-query.ts';
import { useStandingView } from './use-standing-view.ts';
import './live-ops.css';

/** `/live`: what is decided at this moment, and what became of the money. */
export function LivePage() {
  const session = useLiveSession();
  const version = useCell(session.feedVersion);
  const [query, setQuery] = useQuery();
  const terms = useMemo(() => parseFilter(query), [query]);
  const view = useStandingView(() => session.feed.toSeq);
  const [selected, setSelected] = useState<FeedItem>();
  const [isHelpOpen, setHelpOpen] = useState(false);
  const { upToSeq, isPaused, pause } = view;
  const { rows, heldBack } = useMemo(
    () => (version === 0 ? { rows: [], heldBack: 0 } : selectRows(session.feed.rowsNewestFirst(), terms, upToSeq)),
    [version, session, terms, upToSeq],
  );

  const select = (item: FeedItem) => {
    view.hold();
    setSelected(item);
  };
  const deselect = () => {
    view.release();
    setSelected(undefined);
  };
  const step = (by: 1 | -1) => {
    const next = neighbourOf(rows, selected?.seq, by);
    if (next) select(next);
  };
  useKeys({
    p: () => pause(!isPaused),
    j: () => step(1),
    k: () => step(-1),
    ArrowDown: () => step(1),
    ArrowUp: () => step(-1),
    Enter: () => {
      if (!selected) step(1);
    },
    Escape: () => {
      if (isHelpOpen) setHelpOpen(false);
      else deselect();
    },
    '/': () => document.getElementById('feed-filter')?.focus(),
    'Shift+?': () => setHelpOpen(true),
  });

  return (
    <>
      <KpiStrip />
      <FilterBar query={query} onQuery={setQuery} isPaused={isPaused} onPause={pause} onHelp={() => setHelpOpen(true)} />
      <div className="workspace" data-drawer={selected !== undefined}>
        <FeedList
          rows={rows}
          heldBack={heldBack}
          isFiltered={terms.length > 0}
          selectedSeq={selected?.seq}
          onSelect={select}
          onAtTop={view.scrolled}
          onShowNew={() => pause(false)}
          onResetFilter={() => setQuery('')}
        />
        {selected && <TransactionDrawer key={selected.decision_id} item={selected} onClose={deselect} />}
      </div>
      {isHelpOpen && <KeyboardHelp onClose={() => setHelpOpen(false)} />}
    </>
  );
}

/** The outcome next to `seq`; the newest one where nothing is selected or the selected one is no longer there. */
function neighbourOf(rows: readonly FeedRow[], seq: number | undefined, by: 1 | -1): FeedItem | undefined {
  const at = seq === undefined ? -1 : rows.findIndex((row) => seqOf(row) === seq);
  const start = at < 0 ? 0 : at + by;
  for (let index = start; index >= 0 && index < rows.length; index += by) {
    const row = rows[index];
    if (row?.kind === 'item') return row.item;
  }
  return undefined;
}

/** Single keys, as long as nothing is being typed. */
function useKeys(keys: Record<string, () => void>): void {
  useEffect(() => {
    const guarded = Object.entries(keys).map(([key, act]) => [
      key,
      (event: KeyboardEvent) => {
        if (event.defaultPrevented || isTyping(event)) return;
        event.preventDefault();
        act();
      },
    ]);
    return tinykeys(window, Object.fromEntries(guarded) as Record<string, (event: KeyboardEvent) => void>);
  }, [keys]);
}

function isTyping({ target, key }: KeyboardEvent): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.closest('input, textarea, select, dialog') !== null || (key === 'Enter' && target.closest('button, a') !== null);
}
