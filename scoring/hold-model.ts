import { join } from 'node:path';
import { VersionRefused } from '@trancendos/models/describe-version';
import { FEATURE_COUNT } from '@trancendos/models/features/declare-features';
import { loadVersion, type ModelVersion } from '@trancendos/models/load-version';
import { versionsFolder } from '@trancendos/models/versions-folder';
import { BATCH_ROWS_MAX } from '@trancendos/models/score-features';
import type { Logger } from '@trancendos/platform/log';
import type { ModelOpinion } from './make-decision.ts';

/** The model that scores now, or none. */
export interface HeldModel {
  /** Null where the version was refused: rules alone decide. */
  readonly version: ModelVersion | null;
  /** What the model says of `rows` feature vectors that lie one behind the other. */
  opine(features: Float64Array, rows: number): ModelOpinion[];
}

/**
 * Loads a version by name and checks it. One that is missing, damaged or does not reproduce its golden scores is refused with an error in the
 * log, and scoring goes on with rules alone, which every decision then declares.
 */
export async function holdModel(name: string, log: Logger): Promise<HeldModel> {
  try {
    const version = await loadVersion(join(versionsFolder(), name));
    log.info({ model: name, hash: version.hash, features: version.manifest.feature_set }, 'model checked against its golden scores');
    return new CheckedModel(version);
  } catch (error) {
    if (!(error instanceof VersionRefused)) throw error;
    log.error({ err: error, model: name }, 'model refused: rules alone decide, and every decision says so');
    return NO_MODEL;
  }
}

/** What scoring holds when no version could be loaded. */
export const NO_MODEL: HeldModel = {
  version: null,
  opine: (_, rows) => Array.from({ length: rows }, () => ({ kind: 'unavailable' })),
};

class CheckedModel implements HeldModel {
  readonly version: ModelVersion;
  readonly #model: string;
  readonly #probabilities = new Float64Array(BATCH_ROWS_MAX);

  constructor(version: ModelVersion) {
    this.version = version;
    this.#model = `${version.manifest.name}@${version.hash.slice(0, 6)}`;
  }

  opine(features: Float64Array, rows: number): ModelOpinion[] {
    const { scorer, explainer, manifest } = this.version;
    const model = this.#model;
    const opinions: ModelOpinion[] = [];
    for (let start = 0; start < rows; start += BATCH_ROWS_MAX) {
      const count = Math.min(BATCH_ROWS_MAX, rows - start);
      scorer.score(features.subarray(start * FEATURE_COUNT), count, this.#probabilities);
      for (let row = 0; row < count; row++) {
        const probability = this.#probabilities[row] ?? NaN;
        if (Number.isNaN(probability)) {
          opinions.push({ kind: 'invalid', model });
          continue;
        }
        const at = (start + row) * FEATURE_COUNT;
        const weights = explainer.explain(features.subarray(at, at + FEATURE_COUNT));
        opinions.push({ kind: 'scored', model, thresholds: manifest.thresholds, probability, weights });
      }
    }
    return opinions;
  }
}
