import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

interface BoostedTrees {
  predict(csv: string): ArrayLike<number>;
  unload(): void;
}
interface TreeLibrary {
  readonly GradientBoostedTreesLearner: new (label: string, task: string) => { train(csv: string): BoostedTrees };
}

const LABEL = 'label';

/** A table of values, `width` a row. */
export interface TreeRows {
  readonly values: Float64Array;
  readonly fraud: Uint8Array;
  readonly width: number;
}

/**
 * Trains gradient-boosted trees (Yggdrasil Decision Forests with its defaults: up to 300 trees of depth 6, early stopping on a tenth of the rows)
 * and returns the probability of fraud of the test rows: the baseline that neural networks on tables have to beat.
 */
export async function scoreWithBoostedTrees(training: TreeRows, test: TreeRows): Promise<Float64Array> {
  const open = require('ydf-training') as () => Promise<TreeLibrary>;
  const library = await withoutTalk(open);
  return withoutTalk(() => {
    const model = new library.GradientBoostedTreesLearner(LABEL, 'CLASSIFICATION').train(toCsv(training));
    try {
      return Promise.resolve(Float64Array.from(model.predict(toCsv(test))));
    } finally {
      model.unload();
    }
  });
}

/** The library talks to the console while it works. */
async function withoutTalk<T>(work: () => Promise<T>): Promise<T> {
  /* eslint-disable no-console -- silenced here, and given back below */
  const { log, warn, error } = console;
  console.log = console.warn = console.error = () => undefined;
  /* eslint-enable no-console -- as above */
  try {
    return await work();
  } finally {
    Object.assign(console, { log, warn, error });
  }
}

/** The rarer label is the positive one: the library orders labels by how frequent they are. */
function toCsv({ values, fraud, width }: TreeRows): string {
  const header = [...Array.from({ length: width }, (_, column) => `f${column}`), LABEL].join(',');
  const lines = Array.from(
    fraud,
    (label, row) => `${values.subarray(row * width, (row + 1) * width).join(',')},${label === 1 ? 'fraud' : 'genuine'}`,
  );
  return [header, ...lines].join('\n') + '\n';
}
