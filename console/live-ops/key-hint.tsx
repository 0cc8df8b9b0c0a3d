import { shell } from '@trancendos/shell-api';
import { useCell } from '@trancendos/ui';

/** The key of a shortcut as the reader has chosen it; nothing where it is switched off, or has more than one key. */
export function KeyHint({ id }: { readonly id: string }) {
  const keys = useCell(shell().shortcuts.current).find((shortcut) => shortcut.id === id)?.keys ?? '';
  return keys.length === 1 ? <kbd aria-hidden>{keys.toUpperCase()}</kbd> : null;
}
