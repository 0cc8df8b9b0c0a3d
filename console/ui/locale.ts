import { Cell } from './cell.ts';

export type Theme = 'dark' | 'light';

const STORAGE_KEY = 'trancendos.theme';

/** The theme on screen. index.html has set it on the document before the first paint. */
export const theme = new Cell<Theme>(document.documentElement.dataset['theme'] === 'light' ? 'light' : 'dark');

/** Changes to the other theme and remembers it; without storage it lasts as long as the page. */
export function toggleTheme(): void {
  const next: Theme = theme.get() === 'dark' ? 'light' : 'dark';
  document.documentElement.dataset['theme'] = next;
  try {
    localStorage.setItem(STORAGE_KEY, next);
  } catch {
    // Storage is refused in some private windows; the choice then ends with the page.
  }
  theme.set(next);
}
