import type { Reason } from '@trancendos/contracts/decision';
import { featureIndex } from '@trancendos/models/features/declare-features';
import { FEATURE_GROUPS, type FeatureGroup } from '@trancendos/models/features/feature-declaration';
import { WINDOW_DAYS } from '@trancendos/models/features/feature-windows';

/** What reasons are worded from. */
export interface ReasonFacts {
  /** In the order of `FEATURES`. */
  readonly features: readonly number[];
  readonly timeMs: number;
  /** Whether the transaction names a terminal. */
  readonly atTerminal: boolean;
}

interface Wording {
  /** The code where the group raises the score, and where it lowers it. */
  readonly raises: string;
  readonly lowers: string;
  readonly message: string;
}

/** Contributions below this, in log-odds, are not worth a reason. */
const WEIGHT_LEAST = 0.1;

const AMOUNT = featureIndex('tx_amount');
const WEEKEND = featureIndex('tx_during_weekend');
const NIGHT = featureIndex('tx_during_night');
const COUNT_1_DAY = featureIndex('customer_id_nb_tx_1day_window');
const COUNT_30_DAYS = featureIndex('customer_id_nb_tx_30day_window');
const USUAL = featureIndex('customer_usual_amount');
const TO_USUAL = featureIndex('customer_amount_to_usual');
const AVERAGE_30_DAYS = featureIndex('customer_id_avg_amount_30day_window');
const TERMINAL_WINDOWS = WINDOW_DAYS.map((days) => ({
  days,
  count: featureIndex(`terminal_id_nb_tx_${days}day_window`),
  risk: featureIndex(`terminal_id_risk_${days}day_window`),
}));

/** The model's reasons, strongest first: what each group of features did to the log-odds, with the fact and what is usual beside it. */
export function wordReasons(weights: Readonly<Record<FeatureGroup, number>>, facts: ReasonFacts): Reason[] {
  return FEATURE_GROUPS.filter((group) => Math.abs(weights[group]) >= WEIGHT_LEAST)
    .sort((a, b) => Math.abs(weights[b]) - Math.abs(weights[a]))
    .map((group) => {
      const wording = WORDINGS[group](facts);
      const weight = Math.round(weights[group] * 1000) / 1000;
      const effect = weight > 0 ? 'raises' : 'lowers';
      return { code: wording[effect], category: group, effect, message: wording.message, weight };
    });
}

const WORDINGS: Record<FeatureGroup, (facts: ReasonFacts) => Wording> = {
  amount: wordAmount,
  velocity: wordVelocity,
  terminal: wordTerminal,
  customer: wordCustomer,
  time: wordTime,
};

/** Usual is the mean of the payer's other payments within 30 days. */
function wordAmount({ features }: ReasonFacts): Wording {
  const amount = at(features, AMOUNT);
  const count = at(features, COUNT_30_DAYS);
  if (count <= 1) {
    return { raises: 'amount_unusual', lowers: 'amount_ordinary', message: `${amount.toFixed(2)}, first payment in 30 days` };
  }
  const usual = Math.max(0, (at(features, AVERAGE_30_DAYS) * count - amount) / (count - 1));
  return {
    raises: amount > usual ? 'amount_above_usual' : 'amount_unusual',
    lowers: 'amount_ordinary',
    message: `${amount.toFixed(2)}, usually ${usual.toFixed(2)}`,
  };
}

/** Usual is what single large payments do not move. */
function wordCustomer({ features }: ReasonFacts): Wording {
  const usual = at(features, USUAL);
  const codes = { raises: 'customer_change', lowers: 'customer_ordinary' };
  if (usual === 0) return { ...codes, message: 'no payment before this one' };
  return { ...codes, message: `${at(features, TO_USUAL).toFixed(1)} times the usual ${usual.toFixed(2)}` };
}

/** Usual is the number a day over the 29 days before. */
function wordVelocity({ features }: ReasonFacts): Wording {
  const today = at(features, COUNT_1_DAY);
  const usual = (at(features, COUNT_30_DAYS) - today) / 29;
  return {
    raises: today > usual ? 'velocity_above_usual' : 'velocity_unusual',
    lowers: 'velocity_ordinary',
    message: `${today} in 24 h, usually ${usual.toFixed(1)}`,
  };
}

/** The shortest window that holds a known fraud, else the longest. Windows end where labels are not expected yet, a week ago. */
function wordTerminal({ features, atTerminal }: ReasonFacts): Wording {
  const codes = { raises: 'terminal_unusual', lowers: 'terminal_ordinary' };
  if (!atTerminal) return { ...codes, message: 'no terminal named' };
  for (const { days, count, risk } of TERMINAL_WINDOWS) {
    const payments = at(features, count);
    const frauds = Math.round(at(features, risk) * payments);
    if (frauds === 0) continue;
    const words = frauds === 1 ? '1 known fraud' : `${frauds} known frauds`;
    return {
      ...codes,
      raises: 'terminal_known_frauds',
      message: `${words} among ${payments} payments in ${spanOf(days)} up to a week ago`,
    };
  }
  const payments = at(features, COUNT_30_DAYS_AT_TERMINAL);
  return {
    ...codes,
    message:
      payments === 0 ? 'no payment there more than 7 days ago' : `no known fraud among ${payments} payments in 30 days up to a week ago`,
  };
}

const COUNT_30_DAYS_AT_TERMINAL = featureIndex('terminal_id_nb_tx_30day_window');

function wordTime({ features, timeMs }: ReasonFacts): Wording {
  const moment = new Date(timeMs);
  const day = moment.toLocaleDateString('en', { weekday: 'long', timeZone: 'UTC' });
  const part = at(features, NIGHT) === 1 ? 'at night' : at(features, WEEKEND) === 1 ? 'on a weekend' : 'by day';
  return { raises: 'time_unusual', lowers: 'time_ordinary', message: `${day} ${moment.toISOString().slice(11, 16)} UTC, ${part}` };
}

function spanOf(days: number): string {
  return days === 1 ? 'a day' : `${days} days`;
}

function at(features: readonly number[], index: number): number {
  return features[index] ?? NaN;
}
