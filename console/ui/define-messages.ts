import { useCell } from './cell.ts';
import { locale, type Locale } from './locale.ts';

type Message = string | ((...values: never[]) => string);
type Translated<T> = { readonly [K in keyof T]: T[K] extends (...values: infer V) => string ? (...values: V) => string : string };

/** The texts of a page in every language of the console. A key or a value that one language lacks does not compile. */
export interface Catalogue<T> {
  readonly en: T;
  readonly fr: Translated<T>;
}

/** States the texts of a page: `defineMessages({ en: { title: 'Accounts' }, fr: { title: 'Comptes' } })`. */
export function defineMessages<T extends Readonly<Record<string, Message>>>(catalogue: {
  readonly en: T;
  readonly fr: Translated<NoInfer<T>>;
}): Catalogue<T> {
  return catalogue;
}

/** The texts in the reader's language. */
export function useMessages<T>(catalogue: Catalogue<T>): T {
  return messagesOf(catalogue, useCell(locale));
}

/** The texts in `language`, outside of components. */
export function messagesOf<T>(catalogue: Catalogue<T>, language: Locale = locale.get()): T {
  return catalogue[language] as T;
}
