import type { Examples } from './collect-examples.ts';
import { columnsOf } from './describe-version.ts';
import { FEATURE_COUNT } from './features/declare-features.ts';

/** The values of the columns that a version reads, one row behind the other, out of whole feature vectors. */
export function gatherColumns({ count, features }: Pick<Examples, 'count' | 'features'>, names: readonly string[]): Float64Array {
  const columns = columnsOf(names);
  const width = columns.length;
  const values = new Float64Array(count * width);
  for (let row = 0; row < count; row++) {
    for (let column = 0; column < width; column++)
      values[row * width + column] = features[row * FEATURE_COUNT + (columns[column] as number)] as number;
  }
  return values;
}
