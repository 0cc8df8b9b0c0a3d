import { DAY_MS } from '@trancendos/models/features/feature-windows';
import type { ModelVersion } from '@trancendos/models/load-version';
import type { ScoredRows } from '@trancendos/models/measure-scores';
import { replayWeek, type WeekOptions } from './replay-week.ts';
import { scoreOffline } from './score-offline.ts';

/** How the decisions of a running platform compare with the offline run on the same rows. */
export interface ScoreComparison {
  readonly payments: number;
  /** The same probability, to the last bit. */
  readonly equal: number;
  readonly equalFeatures: number;
  readonly largestGap: number;
  /** What the platform decided on, with what became of it, to be measured. */
  readonly scored: ScoredRows;
}

/** Sends rows through a platform that scores with `version`, scores them offline, and compares payment by payment. */
export async function compareScores(version: ModelVersion, options: WeekOptions): Promise<ScoreComparison> {
  const { rows, decisions } = await replayWeek(options);
  const fromIndex = options.rows.findIndex(({ occurredAtMs }) => occurredAtMs >= options.fromMs);
  const offline = scoreOffline(version, rows, fromIndex);
  let equal = 0;
  let equalFeatures = 0;
  let largestGap = 0;
  const stored = offline.map(({ id, probability, features }) => {
    const decision = decisions.get(id);
    const decided = decision?.probability ?? NaN;
    if (decided === probability) equal++;
    if (features.every((value, column) => value === decision?.features[column])) equalFeatures++;
    largestGap = Math.max(largestGap, Number.isNaN(decided) ? Infinity : Math.abs(decided - probability));
    return decided;
  });
  const paid = rows.slice(fromIndex);
  return {
    payments: offline.length,
    equal,
    equalFeatures,
    largestGap,
    scored: {
      probability: stored,
      fraud: paid.map(({ fraud }) => Number(fraud)),
      customer: paid.map(({ customer }) => String(customer)),
      day: paid.map(({ occurredAtMs }) => Math.floor(occurredAtMs / DAY_MS)),
    },
  };
}
