import type { Shortcut } from '@trancendos/shell-api';
import { tinykeys } from 'tinykeys';
import type { ShortcutBook } from './shortcut-book.ts';

/** Runs shortcuts as their keys are pressed: the one registered last, where two have the same. Held keys count once, typing not at all. */
export function listenToKeys(book: ShortcutBook): void {
  let stop: (() => void) | undefined;
  const listen = () => {
    stop?.();
    const byKeys = new Map<string, Shortcut>();
    for (const shortcut of book.current.get()) if (shortcut.keys !== '') byKeys.set(shortcut.keys, shortcut);
    const bindings = [...byKeys].map(([keys, shortcut]) => [keys, (event: KeyboardEvent) => handle(shortcut, event)] as const);
    stop = tinykeys(window, Object.fromEntries(bindings));
  };
  book.current.subscribe(listen);
  listen();
}

function handle(shortcut: Shortcut, event: KeyboardEvent): void {
  if (event.defaultPrevented || isTaken(shortcut, event)) return;
  event.preventDefault();
  shortcut.run();
}

const isModified = (keys: string) => /(\$mod|Control|Alt|Meta)\+/.test(keys);
const MOVES = new Set(['j', 'k', 'ArrowDown', 'ArrowUp']);

/** Whether what is focused needs the key itself. */
function isTaken({ keys }: Shortcut, { target, key, repeat }: KeyboardEvent): boolean {
  if (repeat && !MOVES.has(key)) return true;
  if (isModified(keys) || !(target instanceof HTMLElement)) return false;
  if (target.closest('input, textarea, select, dialog, [role=dialog], [role=menu], [role=listbox], [contenteditable=true]')) return true;
  return key === 'Enter' && target.closest('button, a, [role=button]') !== null;
}
