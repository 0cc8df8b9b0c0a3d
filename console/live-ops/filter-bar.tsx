import { parseFilter, splitTerms } from '@trancendos/contracts/feed-filter';
import { CirclePause, CirclePlay, Keyboard, Search, X } from 'lucide-react';
import { useState, type KeyboardEvent } from 'react';
import { shell, useMessages } from '@trancendos/shell-api';
import { IconButton } from '@trancendos/ui';
import { describeTerm } from './describe-term.ts';
import { FeedBadges } from './feed-badges.tsx';
import { KeyHint } from './key-hint.tsx';
import { LIVE_MESSAGES } from './live-messages.ts';
import { SoundControl } from './sound-control.tsx';

/** The canonical form, which goes to the gateway, may be a little longer than what is typed. */
const FILTER_TYPED_MAX = 300;

export interface FilterBarProps {
  readonly query: string;
  readonly onQuery: (query: string) => void;
  readonly isPaused: boolean;
  readonly onPause: (isPaused: boolean) => void;
}

/** Narrows the feed: finished terms are chips, the one being typed works already. */
export function FilterBar({ query, onQuery, isPaused, onPause }: FilterBarProps) {
  const text = useMessages(LIVE_MESSAGES);
  return (
    <section className="filters" aria-label={text.filter}>
      <FilterField query={query} onQuery={onQuery} />
      <FeedBadges />
      <button type="button" className="button" aria-pressed={isPaused} onClick={() => onPause(!isPaused)}>
        {isPaused ? <CirclePlay className="icon text-accent" aria-hidden /> : <CirclePause className="icon" aria-hidden />}
        {isPaused ? text.resume : text.pause} <KeyHint id="live.pause" />
      </button>
      <SoundControl />
      <IconButton label={text.showKeys} onClick={showKeys}>
        <Keyboard className="icon" aria-hidden />
      </IconButton>
    </section>
  );
}

/** The shell's own sheet, with the keys of this page among them. */
function showKeys(): void {
  const help = shell()
    .shortcuts.current.get()
    .find(({ id }) => id === 'shell.help');
  help?.run();
}

function FilterField({ query, onQuery }: Pick<FilterBarProps, 'query' | 'onQuery'>) {
  const text = useMessages(LIVE_MESSAGES);
  const [draft, setDraft] = useState('');
  const words = splitTerms(query);
  const isDrafted = draft !== '' && words.at(-1) === draft;
  const chips = isDrafted ? words.slice(0, -1) : words;
  const apply = (finished: readonly string[], typed: string) => {
    setDraft(typed);
    onQuery([...finished, typed].join(' ').trim());
  };
  const type = (typed: string) => {
    if (/\s/.test(typed)) apply([...chips, ...splitTerms(typed)], '');
    else apply(chips, typed);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.key === 'Enter' && draft !== '') apply([...chips, draft], '');
    if (event.key === 'Escape') event.currentTarget.blur();
    if (event.key !== 'Backspace' || event.currentTarget.value !== '' || chips.length === 0) return;
    event.preventDefault();
    apply(chips.slice(0, -1), chips.at(-1) ?? '');
  };
  return (
    <div className="filter-field">
      <Search className="icon" aria-hidden />
      {chips.map((word, index) => (
        <Chip
          key={`${index} ${word}`}
          word={word}
          onRemove={() =>
            apply(
              chips.filter((_, at) => at !== index),
              draft,
            )
          }
        />
      ))}
      <input
        id="feed-filter"
        value={isDrafted ? draft : ''}
        onChange={({ target }) => type(target.value)}
        onKeyDown={onKeyDown}
        placeholder={chips.length === 0 ? text.filterExample : text.typeToFilter}
        aria-label={text.filterFeed}
        autoComplete="off"
        maxLength={FILTER_TYPED_MAX}
        spellCheck={false}
      />
      <KeyHint id="live.filter" />
    </div>
  );
}

function Chip({ word, onRemove }: { readonly word: string; readonly onRemove: () => void }) {
  const text = useMessages(LIVE_MESSAGES);
  const [term] = parseFilter(word);
  if (!term) return null;
  const { field, value, problem } = describeTerm(term);
  return (
    <span className="chip" data-invalid={problem !== undefined} title={problem}>
      {field !== '' && <em>{field}</em>} {value}
      <button type="button" onClick={onRemove} aria-label={text.remove(word)}>
        <X className="icon" aria-hidden />
      </button>
    </span>
  );
}
