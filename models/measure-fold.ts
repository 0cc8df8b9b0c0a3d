import type { Examples } from './collect-examples.ts';
import { FEATURE_COUNT, featureIndex } from './features/declare-features.ts';
import { measureScores } from './measure-scores.ts';
import { NumpyRandom } from './simulator/draw-numpy.ts';

/** What one model did on one fold. Shares from 0 to 1; null where there is nothing to measure on. */
export interface FoldMetrics {
  readonly auc: number;
  readonly ap: number;
  readonly cp100: number;
  readonly brier: number;
  readonly log_loss: number;
  readonly ece: number;
  /** At the 0.5 % of transactions that score highest. */
  readonly precision_at_half_percent: number;
  readonly recall_at_half_percent: number;
  /** Share of frauds found where 0.1 % of the genuine transactions score as high. */
  readonly tpr_at_0_1_percent_fpr: number;
  /** Share of frauds among the highest scores, as many as there are frauds, by the simulator's cause. */
  readonly recall_over_limit: number | null;
  readonly recall_compromised_terminal: number | null;
  readonly recall_stolen_card: number | null;
  /** Average precision on payers with fewer than 5 payments before, and at terminals without a payment that is old enough for its label. */
  readonly ap_new_customers: number | null;
  readonly ap_unknown_terminals: number | null;
  /** 95 % interval of the average precision over draws of customers. */
  readonly ap_low: number;
  readonly ap_high: number;
}

const ALERT_SHARE = 0.005;
const FALSE_ALARM_SHARE = 0.001;
const NEW_CUSTOMER_PAYMENTS = 5;
const DRAWS = 200;
const DRAW_SEED = 12_345;

/** Measures scores on the test rows of a fold. The scores only have to rank; for the calibration measures they are probabilities. */
export function measureFold(test: Examples, probability: Float64Array): FoldMetrics {
  const { auc, average_precision, card_precision_100, brier, log_loss, calibration_error, frauds } = measureScores({
    ...test,
    probability,
  });
  const order = Uint32Array.from(probability.keys()).sort((a, b) => (probability[b] ?? 0) - (probability[a] ?? 0));
  const alerts = Math.floor(ALERT_SHARE * test.count);
  const found = order.subarray(0, alerts).reduce((sum, row) => sum + (test.fraud[row] ?? 0), 0);
  const top = new Set(order.subarray(0, frauds));
  const recall = (cause: number): number | null => {
    const rows = Array.from(test.scenario.keys()).filter((row) => test.scenario[row] === cause);
    return rows.length === 0 ? null : rows.filter((row) => top.has(row)).length / rows.length;
  };
  const [low, high] = intervalOverCustomers(test, order);
  return {
    auc,
    ap: average_precision,
    cp100: card_precision_100,
    brier,
    log_loss,
    ece: calibration_error,
    precision_at_half_percent: found / Math.max(1, alerts),
    recall_at_half_percent: found / frauds,
    tpr_at_0_1_percent_fpr: foundAtFalseAlarms(test, order, frauds),
    recall_over_limit: recall(1),
    recall_compromised_terminal: recall(2),
    recall_stolen_card: recall(3),
    ap_new_customers: precisionOf(test, probability, (row) => valueOf(test, row, 'customer_payments') < NEW_CUSTOMER_PAYMENTS),
    ap_unknown_terminals: precisionOf(test, probability, (row) => valueOf(test, row, 'terminal_id_nb_tx_30day_window') === 0),
    ap_low: low,
    ap_high: high,
  };
}

function valueOf(test: Examples, row: number, name: Parameters<typeof featureIndex>[0]): number {
  return test.features[row * FEATURE_COUNT + featureIndex(name)] ?? NaN;
}

function precisionOf(test: Examples, probability: Float64Array, keep: (row: number) => boolean): number | null {
  const rows = Array.from(probability.keys()).filter(keep);
  const fraud = rows.map((row) => test.fraud[row] ?? 0);
  if (!fraud.includes(1) || !fraud.includes(0)) return null;
  const slice = { probability: rows.map((row) => probability[row] ?? 0), fraud, customer: rows.map((row) => test.customer[row] ?? 0) };
  return measureScores({ ...slice, day: rows.map((row) => test.day[row] ?? 0) }).average_precision;
}

function foundAtFalseAlarms(test: Examples, order: Uint32Array, frauds: number): number {
  const allowed = Math.floor(FALSE_ALARM_SHARE * (test.count - frauds));
  let alarms = 0;
  let found = 0;
  for (const row of order) {
    if (test.fraud[row] === 1) found++;
    else if (++alarms > allowed) break;
  }
  return found / frauds;
}

/** Customers are drawn with replacement: the payments of one are not independent of each other. */
function intervalOverCustomers(test: Examples, order: Uint32Array): [number, number] {
  const random = new NumpyRandom(DRAW_SEED);
  const customers = [...new Set(test.customer)];
  const place = new Map(customers.map((customer, index) => [customer, index]));
  const ranked = Uint32Array.from(order, (row) => place.get(test.customer[row] ?? 0) ?? 0);
  const values: number[] = [];
  for (let draw = 0; draw < DRAWS; draw++) {
    const times = new Uint16Array(customers.length);
    for (let index = 0; index < customers.length; index++) {
      const drawn = Math.min(customers.length - 1, Math.floor(random.uniform(0, customers.length)));
      times[drawn] = (times[drawn] ?? 0) + 1;
    }
    const precision = weightedPrecision(test, order, ranked, times);
    if (precision !== null) values.push(precision);
  }
  values.sort((a, b) => a - b);
  return [values[Math.floor(0.025 * values.length)] ?? 0, values[Math.ceil(0.975 * values.length) - 1] ?? 1];
}

/** Null where no fraud was drawn. */
function weightedPrecision(test: Examples, order: Uint32Array, ranked: Uint32Array, times: Uint16Array): number | null {
  let seen = 0;
  let hits = 0;
  let sum = 0;
  for (let index = 0; index < order.length; index++) {
    const weight = times[ranked[index] as number] as number;
    if (weight === 0) continue;
    seen += weight;
    if (test.fraud[order[index] as number] !== 1) continue;
    hits += weight;
    sum += (weight * hits) / seen;
  }
  return hits === 0 ? null : sum / hits;
}
