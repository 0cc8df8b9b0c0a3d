import type { Shortcut, ShortcutTable } from '@trancendos/shell-api';
import { Cell, recall, remember } from '@trancendos/ui';

/** Keys that the reader has chosen instead, by shortcut; an empty text switches one off. */
type Chosen = Readonly<Record<string, string>>;

const STORED = 'shortcuts';
const SINGLE_KEYS = 'single-keys';

/** What is registered at present, under the keys that the reader wants. */
export class ShortcutBook implements ShortcutTable {
  readonly current = new Cell<readonly Shortcut[]>([]);
  /** Whether keys without Ctrl, Alt or Cmd do anything. */
  readonly isSingleKeysOn = new Cell(recall(SINGLE_KEYS) !== 'off');
  readonly #registered: (readonly Shortcut[])[] = [];
  #chosen: Chosen = readChosen();

  register(shortcuts: readonly Shortcut[]): () => void {
    this.#registered.push(shortcuts);
    this.#publish();
    return () => {
      this.#registered.splice(this.#registered.indexOf(shortcuts), 1);
      this.#publish();
    };
  }

  /** Gives a shortcut other keys; undefined gives it its own back, an empty text switches it off. */
  choose(id: string, keys: string | undefined): void {
    const others = Object.entries(this.#chosen).filter(([known]) => known !== id);
    this.#chosen = Object.fromEntries(keys === undefined ? others : [...others, [id, keys]]);
    remember(STORED, JSON.stringify(this.#chosen));
    this.#publish();
  }

  switchSingleKeys(isOn: boolean): void {
    remember(SINGLE_KEYS, isOn ? 'on' : 'off');
    this.isSingleKeysOn.set(isOn);
    this.#publish();
  }

  /** Whether the reader has changed the keys of `id`. */
  isChanged(id: string): boolean {
    return this.#chosen[id] !== undefined;
  }

  #publish(): void {
    const isOn = this.isSingleKeysOn.get();
    this.current.set(
      this.#registered.flat().map((shortcut) => {
        const keys = this.#chosen[shortcut.id] ?? shortcut.keys;
        return { ...shortcut, keys: isOn || !isSingleKey(keys) ? keys : '' };
      }),
    );
  }
}

/** A key, or a sequence of keys, that also writes a letter: screen readers and voice control send such by accident (WCAG 2.1.4). */
export function isSingleKey(keys: string): boolean {
  return !/(^|\+)(\$mod|Control|Alt|Meta)\+/.test(keys) && !/^(Escape|Enter|Arrow\w+|F\d+|Home|End|PageUp|PageDown)$/.test(keys);
}

function readChosen(): Chosen {
  try {
    const stored = JSON.parse(recall(STORED) ?? '{}') as unknown;
    if (typeof stored !== 'object' || stored === null) return {};
    return Object.fromEntries(Object.entries(stored).filter(([, keys]) => typeof keys === 'string'));
  } catch {
    return {};
  }
}
