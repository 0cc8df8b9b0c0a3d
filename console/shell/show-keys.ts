const isMac = typeof navigator !== 'undefined' && /Mac|iP/.test(navigator.userAgent);
const NAMES: Readonly<Record<string, string>> = {
  $mod: isMac ? '⌘' : 'Ctrl',
  Control: 'Ctrl',
  Meta: isMac ? '⌘' : 'Win',
  Escape: 'Esc',
  ArrowDown: '↓',
  ArrowUp: '↑',
  ArrowLeft: '←',
  ArrowRight: '→',
};

/** Keys as a reader knows them: `$mod+k` is `Ctrl K`, `Shift+?` is `?`, `g l` is `G L`. */
export function showKeys(keys: string): string {
  return keys
    .split(' ')
    .map((press) =>
      press
        .split('+')
        .filter((part, _index, parts) => !(part === 'Shift' && /^[^a-zA-Z0-9]$/.test(parts.at(-1) ?? '')))
        .map((part) => NAMES[part] ?? (part.length === 1 ? part.toUpperCase() : part))
        .join(' '),
    )
    .join(' ');
}

/** What was pressed, as tinykeys writes it; undefined for a modifier alone. */
export function keysOf({ key, ctrlKey, metaKey, altKey, shiftKey }: KeyboardEvent): string | undefined {
  if (['Shift', 'Control', 'Alt', 'Meta'].includes(key)) return undefined;
  const isLetter = /^[a-z]$/i.test(key);
  const parts = [
    ...(ctrlKey || metaKey ? ['$mod'] : []),
    ...(altKey ? ['Alt'] : []),
    ...(shiftKey ? ['Shift'] : []),
    isLetter && !shiftKey ? key.toLowerCase() : key,
  ];
  return parts.join('+');
}
