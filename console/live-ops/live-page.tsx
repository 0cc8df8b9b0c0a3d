import { useDeferredValue, useEffect, useMemo, useState } from 'react';
import { canonicalFilter, parseFilter } from '@trancendos/contracts/feed-filter';
import { useNavigate } from '@trancendos/shell-api';
import { useCell } from '@trancendos/ui';
import { transactionHref } from './archive-path.ts';
import { FeedList } from './feed-list.tsx';
import { FilterBar } from './filter-bar.tsx';
import { KpiStrip } from './kpi-strip.tsx';
import { useLiveSession } from './live-session.ts';
import type { FeedRow, ItemRow } from './row-ring.ts';
import { selectRows } from './select-rows.ts';
import { TransactionDrawer } from './transaction-drawer.tsx';
import { useLiveKeys } from './use-live-keys.ts';
import { useQuery } from './use-query.ts';
import { useStandingView } from './use-standing-view.ts';
import { entitiesOf } from './watch-list.ts';
import { WatchedStrip } from './watch-panel.tsx';
import './live-ops.css';

/** `/live`: what is decided at this moment, and what became of the money. */
export function LivePage() {
  const session = useLiveSession();
  const navigate = useNavigate();
  const version = useCell(session.feedVersion);
  const [query, setQuery] = useQuery();
  const terms = useMemo(() => parseFilter(query), [query]);
  const { feed } = session;
  const view = useStandingView(feed);
  const [selected, setSelected] = useState<ItemRow>();
  // The line is marked at once; all that the drawer holds follows in the next frame.
  const opened = useDeferredValue(selected);
  const { standing, isPaused, pause, drop } = view;
  useEffect(() => {
    session.filter(canonicalFilter(terms));
    drop();
    // eslint-disable-next-line react-hooks/exhaustive-deps -- another filter is the one cause; `drop` is made anew with every rendering
  }, [session, terms]);
  const rows = useMemo(() => {
    const received = standing?.rows ?? (version === 0 ? [] : feed.rowsNewestFirst());
    return feed.isAwaitingRoom ? selectRows(received, terms) : received;
  }, [version, feed, terms, standing]);
  const heldBack = standing ? feed.matched - standing.matched : 0;

  const select = (row: ItemRow) => {
    view.hold();
    setSelected(row);
    for (const entity of entitiesOf(row.item)) session.watchCounts.look(entity);
  };
  const deselect = () => {
    view.release();
    setSelected(undefined);
  };
  const step = (by: 1 | -1) => {
    const next = neighbourOf(rows, selected?.id, by);
    if (next) select(next);
  };
  useLiveKeys({
    pause: () => pause(!isPaused),
    next: () => step(1),
    before: () => step(-1),
    openNewest: () => (selected ? navigate(transactionHref(selected.item)) : step(1)),
    close: deselect,
    filter: () => document.getElementById('feed-filter')?.focus(),
    sound: () => session.sound.choose({ isOn: !session.sound.choice.get().isOn }),
  });

  return (
    <>
      <KpiStrip />
      <FilterBar query={query} onQuery={setQuery} isPaused={isPaused} onPause={pause} />
      <WatchedStrip onQuery={setQuery} />
      <div className="workspace" data-drawer={opened !== undefined}>
        <FeedList
          rows={rows}
          heldBack={heldBack}
          isFiltered={terms.length > 0}
          selectedId={selected?.id}
          onSelect={select}
          onAtTop={view.scrolled}
          onShowNew={() => pause(false)}
          onResetFilter={() => setQuery('')}
        />
        {opened && <TransactionDrawer key={opened.item.decision_id} item={opened.item} onClose={deselect} />}
      </div>
    </>
  );
}

/** The outcome next to the row `id`; the newest one where nothing is selected or the selected one is no longer there. */
function neighbourOf(rows: readonly FeedRow[], id: number | undefined, by: 1 | -1): ItemRow | undefined {
  const at = id === undefined ? -1 : rows.findIndex((row) => row.id === id);
  const start = at < 0 ? 0 : at + by;
  for (let index = start; index >= 0 && index < rows.length; index += by) {
    const row = rows[index];
    if (row?.kind === 'item') return row;
  }
  return undefined;
}
