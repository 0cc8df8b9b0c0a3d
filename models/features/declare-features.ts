import { createHash } from 'node:crypto';
import { CUSTOMER_BEHAVIOUR_FEATURES, TERMINAL_BEHAVIOUR_FEATURES } from './declare-behaviour-features.ts';
import { AMOUNT_BELIEF_FEATURES, CUSTOMER_BELIEF_FEATURES, TERMINAL_BELIEF_FEATURES } from './declare-belief-features.ts';
import { BOOK_FEATURES, type BookFeatureName } from './declare-book-features.ts';
import type { FeatureDeclaration } from './feature-declaration.ts';

type NameOf<D extends readonly FeatureDeclaration[]> = D[number]['name'];

export type FeatureName =
  | BookFeatureName
  | NameOf<typeof CUSTOMER_BEHAVIOUR_FEATURES>
  | NameOf<typeof TERMINAL_BEHAVIOUR_FEATURES>
  | NameOf<typeof AMOUNT_BELIEF_FEATURES>
  | NameOf<typeof CUSTOMER_BELIEF_FEATURES>
  | NameOf<typeof TERMINAL_BELIEF_FEATURES>;

/** The whole vector, in its order: the handbook's features, behaviour, beliefs. A model version reads a part of it. */
export const FEATURES: readonly FeatureDeclaration<FeatureName>[] = [
  ...BOOK_FEATURES,
  ...CUSTOMER_BEHAVIOUR_FEATURES,
  ...TERMINAL_BEHAVIOUR_FEATURES,
  ...AMOUNT_BELIEF_FEATURES,
  ...CUSTOMER_BELIEF_FEATURES,
  ...TERMINAL_BELIEF_FEATURES,
];

export const FEATURE_COUNT = FEATURES.length;

/** Name and hash of the set, e.g. `luminous-50@1a2b3c`. A change of any declaration changes it, and a model is refused by another set. */
export const FEATURE_SET = `luminous-${FEATURE_COUNT}@${createHash('sha256').update(JSON.stringify(FEATURES)).digest('hex').slice(0, 6)}`;

const INDEX = new Map<string, number>(FEATURES.map(({ name }, index) => [name, index]));

/** Where a feature stands in the vector. */
export function featureIndex(name: FeatureName): number {
  const index = INDEX.get(name);
  if (index === undefined) throw new Error(`feature ${name} is not declared`);
  return index;
}

/** Where a feature stands in the vector; undefined for a name that is not declared. */
export function findFeature(name: string): number | undefined {
  return INDEX.get(name);
}
