import type { Reason } from '@trancendos/contracts/decision';
import type { ReasonCode } from '@trancendos/contracts/reason-codes';
import type { PaymentTransaction } from '@trancendos/contracts/transaction';
import { featureIndex, type FeatureName } from '@trancendos/models/features/declare-features';
import { FEATURE_GROUPS, type FeatureGroup } from '@trancendos/models/features/feature-declaration';
import { WINDOW_DAYS } from '@trancendos/models/features/feature-windows';

/** What reasons are worded from. */
export interface ReasonFacts {
  /** In the order of `FEATURES`. */
  readonly features: ArrayLike<number>;
  readonly transaction: Pick<PaymentTransaction, 'occurred_at' | 'terminal_id'>;
}

interface Wording {
  /** The code where the group raises the score, and where it lowers it. */
  readonly raises: ReasonCode;
  readonly lowers: ReasonCode;
  /** The fact, with what is usual beside it. */
  readonly message: string;
}

/** Between these ratios to what is usual an amount is about the usual one. */
const ABOUT_USUAL = [0.75, 1.33] as const;
/** From these log-odds of a stolen card on, one in four, what it was used for before is a reason of its own. */
const SUSPECTED_LOG_ODDS = -1.1;

/** Contributions below this, in log-odds, are not worth a reason. */
const WEIGHT_LEAST = 0.1;

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

/** The amount as it stands, with the payer's usual one where there is one. */
function wordAmount({ features }: ReasonFacts): Wording {
  const amount = at(features, 'tx_amount');
  const usual = at(features, 'customer_usual_amount');
  if (usual === 0)
    return { raises: 'amount_unusual', lowers: 'amount_ordinary', message: `${amount.toFixed(2)}, first payment of this payer` };
  return {
    raises: amount > usual ? 'amount_above_usual' : 'amount_unusual',
    lowers: 'amount_ordinary',
    message: `${amount.toFixed(2)}, usually ${usual.toFixed(2)}`,
  };
}

/** How far the payment, and those of the last two weeks, depart from what is usual for the payer; single large payments do not move that. */
function wordCustomer({ features }: ReasonFacts): Wording {
  const codes = { raises: 'customer_changed', lowers: 'customer_ordinary' } as const;
  const usual = at(features, 'customer_usual_amount');
  if (usual === 0) return { ...codes, message: 'first payment of this payer' };
  const ratio = at(features, 'customer_amount_to_usual');
  const isUsual = ratio >= ABOUT_USUAL[0] && ratio <= ABOUT_USUAL[1];
  const amount = `${isUsual ? 'about' : `${ratio.toFixed(1)} times`} the usual ${usual.toFixed(2)}`;
  const raised = at(features, 'customer_raised_payments_14day');
  if (raised > 0) {
    const others = isUsual ? `${raised}` : `${raised} more`;
    return { ...codes, message: `${amount}, ${isUsual ? 'after' : 'and'} ${others} far above it in 14 days` };
  }
  const suspected = at(features, 'customer_spell_log_odds') > SUSPECTED_LOG_ODDS;
  return { ...codes, message: suspected ? `${amount}, after payments that look like theft` : amount };
}

/** Usual is the number a day over the 29 days before. */
function wordVelocity({ features }: ReasonFacts): Wording {
  const today = at(features, 'customer_id_nb_tx_1day_window');
  const usual = (at(features, 'customer_id_nb_tx_30day_window') - today) / 29;
  return {
    raises: today > usual ? 'velocity_above_usual' : 'velocity_unusual',
    lowers: 'velocity_ordinary',
    message: `${today} in 24 h, usually ${usual.toFixed(1)}`,
  };
}

/** The shortest window that holds a known fraud, else the longest. Windows end where labels are not expected yet, a week ago. */
function wordTerminal({ features, transaction }: ReasonFacts): Wording {
  const codes = { raises: 'terminal_unusual', lowers: 'terminal_ordinary' } as const;
  if (transaction.terminal_id === undefined) return { ...codes, message: 'no terminal named' };
  for (const { days, count, risk } of TERMINAL_WINDOWS) {
    const payments = features[count] ?? NaN;
    const frauds = Math.round((features[risk] ?? NaN) * payments);
    if (frauds === 0) continue;
    const words = frauds === 1 ? '1 known fraud' : `${frauds} known frauds`;
    const message = `${words} among ${payments} payments in ${days === 1 ? 'a day' : `${days} days`} up to a week ago, usually none`;
    return { ...codes, raises: 'terminal_known_frauds', message };
  }
  const payments = at(features, 'terminal_id_nb_tx_30day_window');
  const ordinary = `no known fraud among ${payments} payments in 30 days up to a week ago`;
  return { ...codes, message: payments === 0 ? 'no payment there more than 7 days ago' : ordinary };
}

const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'] as const;

function wordTime({ features, transaction }: ReasonFacts): Wording {
  const moment = new Date(transaction.occurred_at);
  const day = WEEKDAYS[moment.getUTCDay()];
  const part = at(features, 'tx_during_night') === 1 ? 'at night' : at(features, 'tx_during_weekend') === 1 ? 'on a weekend' : 'by day';
  return { raises: 'time_unusual', lowers: 'time_ordinary', message: `${day} ${moment.toISOString().slice(11, 16)} UTC, ${part}` };
}

function at(features: ArrayLike<number>, name: FeatureName): number {
  return features[featureIndex(name)] ?? NaN;
}
