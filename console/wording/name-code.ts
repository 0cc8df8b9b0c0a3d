import { locale } from '@trancendos/ui';

/** A code in the reader's language: by its table in French, in English as its own words (`Card token`); so is one that no table knows yet. */
export function nameCode(code: string, french: Readonly<Record<string, string>>): string {
  const named = locale.get() === 'fr' && Object.hasOwn(french, code) ? french[code] : undefined;
  const words = code.replaceAll('_', ' ');
  return named ?? words.charAt(0).toUpperCase() + words.slice(1);
}
