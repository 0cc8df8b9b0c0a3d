import type { FeatureCatalogue } from '@trancendos/contracts/scoring-http';
import { wordFeature } from './feature-words.ts';
import { usualOf } from './feature-usual.ts';

/** One value of a feature vector; `about` and `usual` as far as they are known. */
export interface FeatureRow {
  /** Its place in the vector, from 0. */
  readonly index: number;
  readonly value: number;
  readonly about: FeatureCatalogue['features'][number] | undefined;
  readonly usual: number | undefined;
}

/** The values of a vector with what each of them means. Without declarations they have no names. */
export function describeFeatures(values: readonly number[], declarations: FeatureCatalogue['features']): FeatureRow[] {
  const places = new Map(declarations.map(({ name }, index) => [name, index]));
  const read = (name: string) => values[places.get(name) ?? -1];
  return values.map((value, index) => {
    const about = declarations[index];
    return { index, value, about, usual: about && usualOf(about.name, read) };
  });
}

/** Whether a row has all of the words, anywhere in its name, its meaning or its group. */
export function fitsWords({ about, index }: FeatureRow, words: string): boolean {
  const text = about ? `${about.name} ${wordFeature(about)} ${about.group} ${about.entity}` : String(index + 1);
  const wanted = words.trim().toLowerCase().split(/\s+/);
  return wanted.every((word) => text.toLowerCase().includes(word));
}
