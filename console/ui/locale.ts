import { Cell } from './cell.ts';

/** Languages of the console. */
export type Locale = 'en' | 'fr';

/** The language in use; numbers, dates and amounts follow it. It is set by the shell, and English where there is no page. */
export const locale = new Cell<Locale>('en');
