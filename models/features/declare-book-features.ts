import type { FeatureDeclaration } from './feature-declaration.ts';
import { LABEL_DELAY_DAYS, WINDOW_DAYS } from './feature-windows.ts';

type WindowDays = (typeof WINDOW_DAYS)[number];

export type BookFeatureName =
  | 'tx_amount'
  | 'tx_during_weekend'
  | 'tx_during_night'
  | `customer_id_${'nb_tx' | 'avg_amount'}_${WindowDays}day_window`
  | `terminal_id_${'nb_tx' | 'risk'}_${WindowDays}day_window`;

type BookFeature = FeatureDeclaration<BookFeatureName>;

const TRANSACTION_FEATURES: BookFeature[] = [
  {
    name: 'tx_amount',
    entity: 'transaction',
    unit: 'major',
    windowDays: null,
    formula: 'min(amount, 10,000,000)',
    default: 0,
    description: 'Amount in units of its currency; currencies are not converted into each other.',
    group: 'amount',
    believed: false,
  },
  {
    name: 'tx_during_weekend',
    entity: 'transaction',
    unit: 'flag',
    windowDays: null,
    formula: '1 on Saturday and Sunday, UTC',
    default: 0,
    description: 'Whether it happened on a weekend.',
    group: 'time',
    believed: false,
  },
  {
    name: 'tx_during_night',
    entity: 'transaction',
    unit: 'flag',
    windowDays: null,
    formula: '1 where hour <= 6, UTC, so up to 06:59:59.999',
    default: 0,
    description: 'Whether it happened at night.',
    group: 'time',
    believed: false,
  },
];

function customerFeatures(windowDays: WindowDays): BookFeature[] {
  const window = `the customer's transactions in (t - ${windowDays}d, t], this one included`;
  return [
    {
      name: `customer_id_nb_tx_${windowDays}day_window`,
      entity: 'customer',
      unit: 'count',
      windowDays,
      formula: `count of ${window}`,
      default: 1,
      description: `How often the payer has paid within ${windowDays} days.`,
      group: 'velocity',
      believed: false,
    },
    {
      name: `customer_id_avg_amount_${windowDays}day_window`,
      entity: 'customer',
      unit: 'major',
      windowDays,
      formula: `mean tx_amount of ${window}`,
      default: 0,
      description: `What the payer has paid on average within ${windowDays} days.`,
      group: 'customer',
      believed: false,
    },
  ];
}

function terminalFeatures(windowDays: WindowDays): BookFeature[] {
  const window = `the terminal's transactions in (t - ${LABEL_DELAY_DAYS + windowDays}d, t - ${LABEL_DELAY_DAYS}d]`;
  return [
    {
      name: `terminal_id_nb_tx_${windowDays}day_window`,
      entity: 'terminal',
      unit: 'count',
      windowDays,
      formula: `count of ${window}`,
      default: 0,
      description: `How many payments the terminal took within ${windowDays} days, up to the label delay.`,
      group: 'terminal',
      believed: false,
    },
    {
      name: `terminal_id_risk_${windowDays}day_window`,
      entity: 'terminal',
      unit: 'share',
      windowDays,
      formula: `share of ${window} whose label has arrived and says fraud`,
      default: 0,
      description: `What share of the terminal's payments within ${windowDays} days, up to the label delay, is known as fraud.`,
      group: 'terminal',
      believed: false,
    },
  ];
}

/**
 * The 15 features of the Fraud Detection Handbook (Le Borgne et al. 2022, chapter 3, "Baseline feature transformation"), in the order of the
 * vector.
 */
export const BOOK_FEATURES: readonly BookFeature[] = [
  ...TRANSACTION_FEATURES,
  ...WINDOW_DAYS.flatMap(customerFeatures),
  ...WINDOW_DAYS.flatMap(terminalFeatures),
];
