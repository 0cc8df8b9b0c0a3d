import { useEffect, useRef } from 'react';
import { messagesOf, shell, useLocale, type Shortcut } from '@trancendos/shell-api';
import { LIVE_MESSAGES } from './live-messages.ts';

/** What the keys of the live page do. */
export interface LiveActs {
  readonly pause: () => void;
  readonly next: () => void;
  readonly before: () => void;
  readonly openNewest: () => void;
  readonly close: () => void;
  readonly filter: () => void;
  readonly sound: () => void;
}

/** Registers the page's keys with the shell as long as it is on screen. The feed renders ten times a second; the table of keys stays. */
export function useLiveKeys(acts: LiveActs): void {
  const newest = useRef(acts);
  const language = useLocale();
  useEffect(() => {
    newest.current = acts;
  }, [acts]);
  useEffect(() => {
    const text = messagesOf(LIVE_MESSAGES, language);
    const make = (id: string, keys: string, label: string, act: keyof LiveActs): Shortcut => ({
      id: `live.${id}`,
      keys,
      label,
      group: text.feed,
      run: () => newest.current[act](),
      isHidden: keys.startsWith('Arrow') || keys === 'Escape' || keys === 'Enter',
    });
    return shell().shortcuts.register([
      make('next', 'j', text.keyNext, 'next'),
      make('next-arrow', 'ArrowDown', text.keyNext, 'next'),
      make('before', 'k', text.keyBefore, 'before'),
      make('before-arrow', 'ArrowUp', text.keyBefore, 'before'),
      make('open', 'Enter', text.keyOpen, 'openNewest'),
      make('close', 'Escape', text.keyClose, 'close'),
      make('pause', 'p', text.keyPause, 'pause'),
      make('filter', '/', text.keyFilter, 'filter'),
      make('sound', 'm', text.keySound, 'sound'),
    ]);
  }, [language]);
}
