import type { FeatureDeclaration } from './feature-declaration.ts';
import { HISTORY_DAYS, LABEL_DELAY_DAYS } from './feature-windows.ts';

type Facts = Pick<FeatureDeclaration, 'formula' | 'description'> & Partial<Pick<FeatureDeclaration, 'windowDays' | 'default'>>;

const BEFORE = 'the payer has made before this one, as far as they have arrived';
const USUAL = 'mean of the payments at most 2.6 times their median';
const RAISED = 'above 2.3 times the usual amount';
const KNOWN = `at least ${LABEL_DELAY_DAYS}d old`;

const velocity = <N extends string>(name: N, unit: FeatureDeclaration['unit'], facts: Facts): FeatureDeclaration<N> => ({
  name,
  entity: 'customer',
  unit,
  windowDays: null,
  default: 0,
  ...facts,
  group: 'velocity',
  believed: false,
});
const customer = <N extends string>(name: N, unit: FeatureDeclaration['unit'], facts: Facts): FeatureDeclaration<N> => ({
  ...velocity(name, unit, facts),
  group: 'customer',
});
const terminal = <N extends string>(name: N, unit: FeatureDeclaration['unit'], facts: Facts): FeatureDeclaration<N> => ({
  ...velocity(name, unit, facts),
  entity: 'terminal',
  group: 'terminal',
});

/** How often the payer pays, and how this payment compares with what is usual for them. Lifetime sums live as long as the payer is kept. */
export const CUSTOMER_BEHAVIOUR_FEATURES = [
  velocity('customer_payments', 'count', {
    formula: `count of payments that ${BEFORE}`,
    description: 'How many payments of the payer have been seen before.',
  }),
  velocity('customer_payments_per_day', 'ratio', {
    formula: '(customer_payments + 1) / (days since the first payment + 2)',
    default: 0.5,
    description: 'How often the payer pays a day over their whole history.',
  }),
  velocity('customer_days_since_last', 'days', {
    formula: `days since the last payment before this one, at most ${HISTORY_DAYS}`,
    windowDays: HISTORY_DAYS,
    default: HISTORY_DAYS,
    description: 'How long ago the payer last paid.',
  }),
  customer('customer_usual_amount', 'major', {
    formula: `${USUAL} that ${BEFORE}, from counts of amounts in steps of 5 %`,
    description: 'What the payer usually pays; single large payments do not move it.',
  }),
  customer('customer_amount_to_usual', 'ratio', {
    formula: 'tx_amount / customer_usual_amount',
    default: 1,
    description: 'This amount by the usual one.',
  }),
  customer('customer_amount_to_median', 'ratio', {
    formula: `tx_amount / median of payments that ${BEFORE}`,
    default: 1,
    description: "This amount by the payer's median.",
  }),
  customer('customer_amount_to_p95', 'ratio', {
    formula: `tx_amount / 95 % quantile of payments that ${BEFORE}`,
    default: 1,
    description: 'This amount by what only one payment in twenty exceeds.',
  }),
  customer('customer_amount_rank', 'share', {
    formula: `share of payments that ${BEFORE} of at most this amount`,
    default: 0.5,
    description: "Where the amount stands among the payer's.",
  }),
  ...([3, 7, 14] as const).map((days) =>
    customer(`customer_raised_payments_${days}day` as const, 'count', {
      formula: `count of payments before this one in (t - ${days}d, t] ${RAISED}`,
      windowDays: days,
      description: `How many payments within ${days} days were far above the usual.`,
    }),
  ),
  customer('customer_excess_14day', 'log_odds', {
    formula: 'sum over payments before this one in (t - 14d, t] of min(max(ln(amount / customer_usual_amount) - ln 1.5, 0), 2)',
    windowDays: 14,
    description: 'By how much the payments of two weeks exceeded the usual, together.',
  }),
  customer('customer_highest_ratio_14day', 'ratio', {
    formula: 'largest amount / customer_usual_amount of the payments before this one in (t - 14d, t]',
    windowDays: 14,
    description: 'The most unusual payment of two weeks.',
  }),
] as const;

/** What is known of the terminal. A usual amount is one of at most 2.3 times its payer's usual one, when the payment arrived. */
export const TERMINAL_BEHAVIOUR_FEATURES = [
  ...([3, 7, 30] as const).map((days) =>
    terminal(`terminal_usual_frauds_${days}day` as const, 'count', {
      formula: `count of known frauds of a usual amount in (t - ${LABEL_DELAY_DAYS + days}d, t - ${LABEL_DELAY_DAYS}d]`,
      windowDays: days,
      description: `Known frauds of ${days} days that the amount alone would not have shown: a sign that the terminal itself is compromised.`,
    }),
  ),
  terminal('terminal_days_since_usual_fraud', 'days', {
    formula: `days since the last known fraud of a usual amount ${KNOWN}, at most ${HISTORY_DAYS}`,
    windowDays: HISTORY_DAYS,
    default: HISTORY_DAYS,
    description: 'How long ago such a fraud last happened.',
  }),
  terminal('terminal_days_since_first_usual_fraud', 'days', {
    formula: `days since the first known fraud of a usual amount ${KNOWN} and less than ${HISTORY_DAYS}d, ${HISTORY_DAYS} where there is none`,
    windowDays: HISTORY_DAYS,
    default: HISTORY_DAYS,
    description: 'For how long such frauds have been happening.',
  }),
  terminal('terminal_genuine_since_usual_fraud', 'count', {
    formula: `count of payments ${KNOWN} and not known as fraud after the last known fraud of a usual amount; of all where there is none`,
    windowDays: HISTORY_DAYS,
    description: 'How many genuine payments have come since: a sign that it is over.',
  }),
  terminal('terminal_usual_fraud_run', 'count', {
    formula: `count of the last payments ${KNOWN} in a row that are known frauds of a usual amount`,
    windowDays: HISTORY_DAYS,
    description: 'How many such frauds in a row the terminal has had last.',
  }),
  terminal('terminal_days_since_known', 'days', {
    formula: `days since the last payment ${KNOWN}, at most ${HISTORY_DAYS}`,
    windowDays: HISTORY_DAYS,
    default: HISTORY_DAYS,
    description: 'How fresh the knowledge of the terminal is.',
  }),
  terminal('terminal_usual_fraud_run_days', 'days', {
    formula: `days since the first known fraud of a usual amount ${KNOWN} after the last payment ${KNOWN} and not known as fraud, at most ${HISTORY_DAYS}`,
    windowDays: HISTORY_DAYS,
    default: HISTORY_DAYS,
    description: 'For how long nothing but frauds has come to be known there: the longer, the sooner it may be over.',
  }),
  terminal('terminal_days_since_genuine', 'days', {
    formula: `days since the last payment ${KNOWN} and not known as fraud, at most ${HISTORY_DAYS}`,
    windowDays: HISTORY_DAYS,
    default: HISTORY_DAYS,
    description: 'When the terminal was last seen to be all right.',
  }),
  terminal('terminal_days_since_fraud', 'days', {
    formula: `days since the last known fraud ${KNOWN}, whatever its amount, at most ${HISTORY_DAYS}`,
    windowDays: HISTORY_DAYS,
    default: HISTORY_DAYS,
    description: 'How long ago a fraud of any kind last happened.',
  }),
] as const;
