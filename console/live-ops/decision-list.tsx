import { ChevronLeft, ChevronRight, FunnelX } from 'lucide-react';
import { useState } from 'react';
import type { DecisionPage, EntityProfile } from '@trancendos/contracts/archive';
import { useApi, useMessages } from '@trancendos/shell-api';
import { Button, Panel, Select } from '@trancendos/ui';
import { ARCHIVE_MESSAGES } from './archive-messages.ts';
import { archivePath } from './archive-path.ts';
import { filterQuery, FILTER_CHOICES, type DecisionFilter, type FilterField } from './decision-filter.ts';
import { DecisionPlots } from './decision-plots.tsx';
import { DecisionTable } from './decision-table.tsx';
import { ENTITY_MESSAGES } from './entity-messages.ts';

const PAGE_LINES = '100';
const FIRST_PAGE_EVERY_MS = 5_000;
const COLUMN_OF = { account: ['payer'], card: ['payer'], merchant: ['merchant'], terminal: ['terminal'] } as const;

export interface DecisionListProps {
  readonly profile: EntityProfile;
  readonly filter: DecisionFilter;
  readonly onFilter: (changes: Readonly<Record<string, string | undefined>>) => void;
  /** From where times are looked back: a list must not begin anew with every second. */
  readonly openedMs: number;
}

/** An entity's decisions, page by page, over a chart of the same page. */
export function DecisionList({ profile, filter, onFilter, openedMs }: DecisionListProps) {
  const text = useMessages(ENTITY_MESSAGES);
  const query = filterQuery(profile.type, profile.id, filter, openedMs);
  const pages = usePages(JSON.stringify(query));
  const every = pages.cursor === undefined ? { everyMs: FIRST_PAGE_EVERY_MS } : {};
  const path = archivePath('decisions', { ...query, limit: PAGE_LINES, cursor: pages.cursor });
  const { state, retry } = useApi<DecisionPage>(path, every);
  const isFiltered = Object.keys(filter).length > 0;
  const reset = () => onFilter(Object.fromEntries(Object.keys(FILTER_CHOICES).map((field) => [field, undefined])));
  return (
    <Panel
      title={text.list}
      state={state}
      onRetry={retry}
      actions={<Filters filter={filter} onFilter={onFilter} onReset={isFiltered ? reset : undefined} />}
      isEmpty={({ decisions, next_cursor }) => decisions.length === 0 && next_cursor === null && pages.cursor === undefined}
      empty={{ title: text.noneFit, text: text.noneFitText, action: isFiltered && <Button onClick={reset}>{text.reset}</Button> }}
    >
      {({ decisions, next_cursor }) => (
        <>
          {decisions.length === 0 && <p className="second archive-note">{next_cursor === null ? text.noneFitText : text.searchOn}</p>}
          {decisions.length > 0 && <DecisionPlots decisions={decisions} days={profile.days} />}
          {decisions.length > 0 && <DecisionTable caption={text.list} decisions={decisions} without={COLUMN_OF[profile.type]} />}
          <Pager pages={pages} nextCursor={next_cursor} />
        </>
      )}
    </Panel>
  );
}

interface FiltersProps extends Pick<DecisionListProps, 'filter' | 'onFilter'> {
  /** Undefined while nothing is filtered. */
  readonly onReset: (() => void) | undefined;
}

function Filters({ filter, onFilter, onReset }: FiltersProps) {
  const text = useMessages(ENTITY_MESSAGES);
  const shared = useMessages(ARCHIVE_MESSAGES);
  const words: Readonly<Record<string, string>> = {
    approve: text.approved,
    review: text.held,
    decline: text.declined,
    fraud: shared.fraud,
    genuine: shared.genuine,
    none: text.none,
    hour: text.hour,
    today: text.today,
    week: text.week,
    month: text.month,
  };
  const fields: readonly FilterField[] = ['action', 'score', 'label', 'time'];
  return (
    <div className="archive-filters" role="group" aria-label={text.filter}>
      {onReset && (
        <Button variant="quiet" onClick={onReset}>
          <FunnelX className="icon" aria-hidden /> {text.reset}
        </Button>
      )}
      {fields.map((field) => (
        <Select
          key={field}
          label={text[field]}
          value={filter[field] ?? ''}
          onValue={(value) => onFilter({ [field]: value })}
          options={[
            { value: '', label: text.any },
            ...FILTER_CHOICES[field].map((value) => ({ value, label: words[value] ?? text.atLeast(value) })),
          ]}
        />
      ))}
    </div>
  );
}

interface Pages {
  /** Of the page on screen; undefined for the first. */
  readonly cursor: string | undefined;
  readonly goOlder: (nextCursor: string) => void;
  readonly goNewer: () => void;
}

/** The way through the pages; begins anew when `about` changes. */
function usePages(about: string): Pages {
  const [trail, setTrail] = useState<{ readonly about: string; readonly cursors: readonly string[] }>({ about, cursors: [] });
  const cursors = trail.about === about ? trail.cursors : [];
  return {
    cursor: cursors.at(-1),
    goOlder: (nextCursor) => setTrail({ about, cursors: [...cursors, nextCursor] }),
    goNewer: () => setTrail({ about, cursors: cursors.slice(0, -1) }),
  };
}

function Pager({ pages, nextCursor }: { readonly pages: Pages; readonly nextCursor: string | null }) {
  const { older, newer } = useMessages(ARCHIVE_MESSAGES);
  if (pages.cursor === undefined && nextCursor === null) return null;
  return (
    <div className="archive-pager">
      <Button disabled={pages.cursor === undefined} onClick={pages.goNewer}>
        <ChevronLeft className="icon" aria-hidden /> {newer}
      </Button>
      <Button disabled={nextCursor === null} onClick={() => nextCursor !== null && pages.goOlder(nextCursor)}>
        {older} <ChevronRight className="icon" aria-hidden />
      </Button>
    </div>
  );
}
