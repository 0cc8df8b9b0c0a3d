import type { FeedItem, WatchedEntity } from '@trancendos/contracts/socket';
import { messagesOf, useMessages } from '@trancendos/shell-api';
import { formatCount, useCell } from '@trancendos/ui';
import { Eye, EyeOff } from 'lucide-react';
import { DRAWER_MESSAGES } from './drawer-messages.ts';
import { useLiveSession } from './live-session.ts';
import { entitiesOf, isSame } from './watch-list.ts';

/** Whom an outcome is about, each to be watched or not. */
export function WatchPanel({ item }: { readonly item: FeedItem }) {
  const text = useMessages(DRAWER_MESSAGES);
  const { watchList } = useLiveSession();
  const watched = useCell(watchList.entities);
  return (
    <section>
      <h3>{text.watch}</h3>
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

function WatchButton({ entity, isWatched, onToggle }: WatchButtonProps) {
  const text = useMessages(DRAWER_MESSAGES);
  return (
    <button
      type="button"
      className="button"
      aria-pressed={isWatched}
      onClick={onToggle}
      title={isWatched ? text.stopWatching : text.startWatching}
    >
      {isWatched ? <Eye className="icon text-accent" aria-hidden /> : <EyeOff className="icon" aria-hidden />}
      {nameEntity(entity)}
    </button>
  );
}

/** Those that are watched, over the feed, with how many came since the reader last looked: a press shows only them, the other one forgets them. */
export function WatchedStrip({ onQuery }: { readonly onQuery: (query: string) => void }) {
  const text = useMessages(DRAWER_MESSAGES);
  const { watchList, watchCounts } = useLiveSession();
  const watched = useCell(watchList.entities);
  useCell(watchCounts.current);
  if (watched.length === 0) return null;
  return (
    <section className="filters" aria-label={text.watching}>
      {watched.map((entity) => (
        <span key={`${entity.kind} ${entity.id}`} className="chip">
          <button
            type="button"
            className="watch-show"
            title={text.showOnly}
            onClick={() => {
              watchCounts.look(entity);
              onQuery(queryOf(entity));
            }}
          >
            <em>{text[WORDS[entity.kind]]}</em> {entity.id} <NewOnes count={watchCounts.countOf(entity)} />
          </button>
          <button type="button" onClick={() => watchList.toggle(entity)} aria-label={text.stopWatchingWhom(nameEntity(entity))}>
            <EyeOff className="icon" aria-hidden />
          </button>
        </span>
      ))}
    </section>
  );
}

function NewOnes({ count }: { readonly count: number }) {
  const text = useMessages(DRAWER_MESSAGES);
  if (count === 0) return null;
  const title = text.sinceLooked(formatCount(count));
  return (
    <b className="watch-count num" title={title}>
      {formatCount(count)}
      <span className="visually-hidden"> {title}</span>
    </b>
  );
}

const WORDS = { merchant: 'merchant', account: 'account', card: 'card', terminal: 'terminalKind' } as const;

/** `merchant books-03`, in the reader's language. */
function nameEntity({ kind, id }: WatchedEntity): string {
  return `${messagesOf(DRAWER_MESSAGES)[WORDS[kind]]} ${id}`;
}

function queryOf({ kind, id }: WatchedEntity): string {
  return `${kind === 'account' ? 'payer' : kind}=${id}`;
}
