import type { FeedItem, WatchedEntity } from '@trancendos/contracts/socket';
import { useCell } from '@trancendos/ui';
import { Eye, EyeOff } from 'lucide-react';
import { useLiveSession } from './live-session.ts';
import { entitiesOf, isSame } from './watch-list.ts';

/** Whom an outcome is about, each to be watched or not. */
export function WatchPanel({ item }: { readonly item: FeedItem }) {
  const { watchList } = useLiveSession();
  const watched = useCell(watchList.entities);
  return (
    <section>
      <h3>Watch</h3>
      <div className="watch-buttons">
        {entitiesOf(item).map((entity) => (
          <WatchButton
            key={`${entity.kind} ${entity.id}`}
            entity={entity}
            isWatched={watched.some((each) => isSame(each, entity))}
            onToggle={() => watchList.toggle(entity)}
          />
        ))}
      </div>
    </section>
  );
}

interface WatchButtonProps {
  readonly entity: WatchedEntity;
  readonly isWatched: boolean;
  readonly onToggle: () => void;
}

function WatchButton({ entity: { kind, id }, isWatched, onToggle }: WatchButtonProps) {
  return (
    <button type="button" className="button" aria-pressed={isWatched} onClick={onToggle} title={isWatched ? 'Stop watching' : 'Watch'}>
      {isWatched ? <Eye className="icon text-accent" aria-hidden /> : <EyeOff className="icon" aria-hidden />}
      {kind} {id}
    </button>
  );
}

/** Those that are watched, over the feed: a press shows only them, the other one forgets them. */
export function WatchedStrip({ onQuery }: { readonly onQuery: (query: string) => void }) {
  const { watchList } = useLiveSession();
  const watched = useCell(watchList.entities);
  if (watched.length === 0) return null;
  return (
    <section className="filters" aria-label="Watched">
      {watched.map((entity) => (
        <span key={`${entity.kind} ${entity.id}`} className="chip">
          <button type="button" className="watch-show" onClick={() => onQuery(queryOf(entity))} title="Show only these">
            <em>{entity.kind}</em> {entity.id}
          </button>
          <button type="button" onClick={() => watchList.toggle(entity)} aria-label={`Stop watching ${entity.kind} ${entity.id}`}>
            <EyeOff className="icon" aria-hidden />
          </button>
        </span>
      ))}
    </section>
  );
}

function queryOf({ kind, id }: WatchedEntity): string {
  return `${kind === 'account' ? 'payer' : kind}=${id}`;
}
