import { ScoreExplainer, type ExplainMethod } from '@trancendos/models/explain-score';
import { FEATURE_COUNT } from '@trancendos/models/features/declare-features';
import { FEATURE_GROUPS, type FeatureGroup } from '@trancendos/models/features/feature-declaration';
import type { ModelVersion } from '@trancendos/models/load-version';

export interface ExplanationFigures {
  readonly method: ExplainMethod;
  readonly microseconds: number;
  /** Distance of the contributions from Shapley values over all subsets, in log-odds, averaged over groups and rows. */
  readonly meanGap: number;
  /** Share of rows whose strongest group is the same. */
  readonly sameTop: number;
}

type Weights = Record<FeatureGroup, number>;
const ROWS_A_CALL = 64;

/** Costs of both ways to explain, and how far the cheaper one is from the exact one on real vectors. */
export function measureExplanations({ manifest, network }: ModelVersion, vectors: Float64Array): ExplanationFigures[] {
  const rows = vectors.length / FEATURE_COUNT;
  const exact = explainAll(new ScoreExplainer(manifest, network, 'exact'), vectors, rows);
  return (['exact', 'pairs'] as const).map((method) => {
    const explainer = new ScoreExplainer(manifest, network, method);
    explainAll(explainer, vectors, Math.min(rows, 512));
    const startedMs = performance.now();
    const weights = explainAll(explainer, vectors, rows);
    const microseconds = Math.round(((performance.now() - startedMs) * 1e4) / rows) / 10;
    let gap = 0;
    let same = 0;
    weights.forEach((given, row) => {
      const wanted = exact[row] as Weights;
      for (const group of FEATURE_GROUPS) gap += Math.abs(given[group] - wanted[group]);
      if (topOf(given) === topOf(wanted)) same++;
    });
    return {
      method,
      microseconds,
      meanGap: Math.round((gap / rows / FEATURE_GROUPS.length) * 1e4) / 1e4,
      sameTop: Math.round((same / rows) * 1e4) / 1e4,
    };
  });
}

function explainAll(explainer: ScoreExplainer, vectors: Float64Array, rows: number): Weights[] {
  const weights: Weights[] = [];
  for (let start = 0; start < rows; start += ROWS_A_CALL) {
    weights.push(...explainer.explain(vectors.subarray(start * FEATURE_COUNT), Math.min(ROWS_A_CALL, rows - start)));
  }
  return weights;
}

function topOf(weights: Weights): FeatureGroup {
  return FEATURE_GROUPS.reduce((top, group) => (Math.abs(weights[group]) > Math.abs(weights[top]) ? group : top), FEATURE_GROUPS[0]);
}
