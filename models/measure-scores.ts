/** Scored transactions, as columns of one length. */
export interface ScoredRows {
  /** Calibrated probability of fraud. */
  readonly probability: ArrayLike<number>;
  /** 0 or 1. */
  readonly fraud: ArrayLike<number>;
  readonly customer: ArrayLike<number | string>;
  /** Day of the transaction, counted from anywhere. */
  readonly day: ArrayLike<number>;
}

export interface Metrics {
  readonly rows: number;
  readonly frauds: number;
  /** Area under the ROC curve; ties count half. */
  readonly auc: number;
  /** Average precision: the sum over thresholds of precision x gain in recall. */
  readonly average_precision: number;
  /** Card precision at 100: share of frauds among the 100 riskiest customers of a day, mean over days; found customers leave. */
  readonly card_precision_100: number;
  readonly brier: number;
  readonly log_loss: number;
  /** Expected calibration error over 10 bins of equal size. */
  readonly calibration_error: number;
}

const CARDS_A_DAY = 100;
const CALIBRATION_BINS = 10;

/** The handbook's metrics (chapter 4) and those of calibration. */
export function measureScores(rows: ScoredRows): Metrics {
  const order = Array.from({ length: rows.fraud.length }, (_, row) => row);
  order.sort((a, b) => (rows.probability[b] ?? 0) - (rows.probability[a] ?? 0));
  let frauds = 0;
  let squares = 0;
  let logLoss = 0;
  for (const row of order) {
    const fraud = rows.fraud[row] ?? 0;
    const probability = Math.min(1 - 1e-15, Math.max(1e-15, rows.probability[row] ?? 0));
    frauds += fraud;
    squares += (probability - fraud) ** 2;
    logLoss -= fraud === 1 ? Math.log(probability) : Math.log(1 - probability);
  }
  return {
    rows: order.length,
    frauds,
    ...measureRanking(rows, order, frauds),
    card_precision_100: measureCardPrecision(rows),
    brier: squares / order.length,
    log_loss: logLoss / order.length,
    calibration_error: measureCalibration(rows, order),
  };
}

/** Walks down the ranking, taking rows of equal score together. */
function measureRanking(rows: ScoredRows, order: readonly number[], frauds: number): { auc: number; average_precision: number } {
  const genuine = order.length - frauds;
  let hits = 0;
  let misses = 0;
  let area = 0;
  let precisionSum = 0;
  for (let start = 0; start < order.length;) {
    const score = rows.probability[order[start] ?? 0];
    let tiedHits = 0;
    let end = start;
    for (; end < order.length && rows.probability[order[end] ?? 0] === score; end++) tiedHits += rows.fraud[order[end] ?? 0] ?? 0;
    const tiedMisses = end - start - tiedHits;
    area += tiedMisses * (hits + tiedHits / 2);
    hits += tiedHits;
    misses += tiedMisses;
    precisionSum += (hits / (hits + misses)) * tiedHits;
    start = end;
  }
  return { auc: area / (frauds * genuine), average_precision: precisionSum / frauds };
}

function measureCardPrecision(rows: ScoredRows): number {
  const rowsOfDay = new Map<number, number[]>();
  for (let row = 0; row < rows.fraud.length; row++) {
    const day = rows.day[row] ?? 0;
    const list = rowsOfDay.get(day);
    if (list) list.push(row);
    else rowsOfDay.set(day, [row]);
  }
  const found = new Set<number | string>();
  let precisionSum = 0;
  for (const [, dayRows] of [...rowsOfDay].sort(([a], [b]) => a - b)) {
    const cards = new Map<number | string, { score: number; fraud: boolean }>();
    for (const row of dayRows) {
      const customer = rows.customer[row] ?? '';
      if (found.has(customer)) continue;
      const card = cards.get(customer) ?? { score: -Infinity, fraud: false };
      cards.set(customer, { score: Math.max(card.score, rows.probability[row] ?? 0), fraud: card.fraud || rows.fraud[row] === 1 });
    }
    const riskiest = [...cards].sort(([, a], [, b]) => b.score - a.score).slice(0, CARDS_A_DAY);
    const hits = riskiest.filter(([, card]) => card.fraud);
    for (const [customer] of hits) found.add(customer);
    precisionSum += hits.length / CARDS_A_DAY;
  }
  return precisionSum / rowsOfDay.size;
}

function measureCalibration(rows: ScoredRows, order: readonly number[]): number {
  let error = 0;
  for (let bin = 0; bin < CALIBRATION_BINS; bin++) {
    const start = Math.floor((bin * order.length) / CALIBRATION_BINS);
    const end = Math.floor(((bin + 1) * order.length) / CALIBRATION_BINS);
    let gap = 0;
    for (const row of order.slice(start, end)) gap += (rows.probability[row] ?? 0) - (rows.fraud[row] ?? 0);
    error += Math.abs(gap) / order.length;
  }
  return error;
}
