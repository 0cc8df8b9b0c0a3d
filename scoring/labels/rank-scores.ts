/** How well scores put frauds above genuine payments. NaN where one of the two is missing. */
export interface Ranking {
  readonly payments: number;
  readonly frauds: number;
  readonly auc: number;
  readonly averagePrecision: number;
}

/** Area under the ROC curve and average precision, from numbers of payments per score; equal scores count half, as in a tie. */
export function rankScores(genuine: ArrayLike<number>, fraud: ArrayLike<number>): Ranking {
  let frauds = 0;
  let ordinary = 0;
  let pairs = 0;
  let precisions = 0;
  for (let score = genuine.length - 1; score >= 0; score--) {
    const fraudsHere = fraud[score] ?? 0;
    const genuineHere = genuine[score] ?? 0;
    // Every genuine payment here lies below the frauds above, and beside those here.
    pairs += genuineHere * (frauds + fraudsHere / 2);
    frauds += fraudsHere;
    ordinary += genuineHere;
    if (fraudsHere > 0) precisions += (fraudsHere * frauds) / (frauds + ordinary);
  }
  return { payments: frauds + ordinary, frauds, auc: pairs / (frauds * ordinary), averagePrecision: precisions / frauds };
}
