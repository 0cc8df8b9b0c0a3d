import type { Cell } from '@trancendos/ui';

/** A key and what it does. One table of them feeds the keyboard, the help sheet, the palette and the page where they are changed. */
export interface Shortcut {
  /** Stays the same when the label changes: `live.pause`. */
  readonly id: string;
  /** As tinykeys writes it: `p`, `Shift+?`, `g l`, `$mod+k`. */
  readonly keys: string;
  readonly label: string;
  /** Where it stands in the help sheet. */
  readonly group: string;
  readonly run: () => void;
  /** Left out of the palette: it makes sense under the fingers only. */
  readonly isHidden?: boolean;
}

export interface ShortcutTable {
  /** What is registered at present, with the keys that the reader has chosen; `keys` is empty where one is switched off. */
  readonly current: Cell<readonly Shortcut[]>;
  /** Adds shortcuts; the function it gives takes them away again. */
  register(shortcuts: readonly Shortcut[]): () => void;
}
