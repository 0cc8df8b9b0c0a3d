import { Cell } from './cell.ts';
import { locale, type Locale } from './locale.ts';

export type Theme = 'dark' | 'light';
export type Density = 'compact' | 'comfortable';

/** The theme on screen, how close rows stand: as `readPreferences` finds them on the page. */
export const theme = new Cell<Theme>('dark');
export const density = new Cell<Density>('compact');

/** Takes over what index.html has set on the document before the first paint. */
export function readPreferences(): void {
  const { dataset, lang } = document.documentElement;
  theme.set(dataset['theme'] === 'light' ? 'light' : 'dark');
  density.set(dataset['density'] === 'comfortable' ? 'comfortable' : 'compact');
  locale.set(lang === 'fr' ? 'fr' : 'en');
}

/** Shows and remembers a theme; without storage it lasts as long as the page. */
export function chooseTheme(next: Theme): void {
  document.documentElement.dataset['theme'] = next;
  remember('theme', next);
  theme.set(next);
}

export function toggleTheme(): void {
  chooseTheme(theme.get() === 'dark' ? 'light' : 'dark');
}

export function chooseDensity(next: Density): void {
  document.documentElement.dataset['density'] = next;
  remember('density', next);
  density.set(next);
}

export function chooseLocale(next: Locale): void {
  document.documentElement.lang = next;
  remember('locale', next);
  locale.set(next);
}

/** Keeps a preference for the next visit. Storage is refused in some private windows; the choice then ends with the page. */
export function remember(name: string, value: string): void {
  try {
    localStorage.setItem(`trancendos.${name}`, value);
  } catch {
    return;
  }
}

/** What was remembered under `name`. */
export function recall(name: string): string | undefined {
  try {
    return localStorage.getItem(`trancendos.${name}`) ?? undefined;
  } catch {
    return undefined;
  }
}
