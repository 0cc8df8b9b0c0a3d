import { createHash } from 'node:crypto';
import { LABEL_DELAY_DAYS, WINDOW_DAYS } from './feature-windows.ts';

type WindowDays = (typeof WINDOW_DAYS)[number];

export type FeatureName =
  | 'tx_amount'
  | 'tx_during_weekend'
  | 'tx_during_night'
  | `customer_id_${'nb_tx' | 'avg_amount'}_${WindowDays}day_window`
  | `terminal_id_${'nb_tx' | 'risk'}_${WindowDays}day_window`;

/** In the order in which explanations list them. */
export const FEATURE_GROUPS = ['amount', 'velocity', 'terminal', 'time'] as const;
export type FeatureGroup = (typeof FEATURE_GROUPS)[number];

/** What one number of the feature vector means. Documentation, drift metrics and the hash of the set are made from it. */
export interface FeatureDeclaration {
  readonly name: FeatureName;
  /** Whose history it is computed from. `transaction`: none. */
  readonly entity: 'transaction' | 'customer' | 'terminal';
  /** `major`: units of money, not cents. `share`: 0 to 1. `flag`: 0 or 1. */
  readonly unit: 'major' | 'count' | 'share' | 'flag';
  /** Null where there is no window. */
  readonly windowDays: WindowDays | null;
  /** Exact enough to compute it again; t is the transaction's own time, d a day of 86,400 s. */
  readonly formula: string;
  /** The value where there is nothing to compute from, e.g. no terminal. */
  readonly default: number;
  /** Features that state one fact together: they are explained as one. */
  readonly group: FeatureGroup;
  readonly description: string;
}

const TRANSACTION_FEATURES: FeatureDeclaration[] = [
  {
    name: 'tx_amount',
    entity: 'transaction',
    unit: 'major',
    windowDays: null,
    formula: 'min(amount, 10,000,000)',
    default: 0,
    description: 'Amount in units of its currency; currencies are not converted into each other.',
    group: 'amount',
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
  },
];

function customerFeatures(windowDays: WindowDays): FeatureDeclaration[] {
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
    },
    {
      name: `customer_id_avg_amount_${windowDays}day_window`,
      entity: 'customer',
      unit: 'major',
      windowDays,
      formula: `mean tx_amount of ${window}`,
      default: 0,
      description: `What the payer has paid on average within ${windowDays} days.`,
      group: 'amount',
    },
  ];
}

function terminalFeatures(windowDays: WindowDays): FeatureDeclaration[] {
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
    },
  ];
}

/**
 * The 15 features of the Fraud Detection Handbook (Le Borgne et al. 2022, chapter 3, "Baseline feature transformation"), in the order of the
 * vector.
 */
export const FEATURES: readonly FeatureDeclaration[] = [
  ...TRANSACTION_FEATURES,
  ...WINDOW_DAYS.flatMap(customerFeatures),
  ...WINDOW_DAYS.flatMap(terminalFeatures),
];

export const FEATURE_COUNT = FEATURES.length;

/** Name and hash of the set, e.g. `book-15@1a2b3c`. A change of any declaration changes it, and a model is refused by another set. */
export const FEATURE_SET = `book-${FEATURE_COUNT}@${createHash('sha256').update(JSON.stringify(FEATURES)).digest('hex').slice(0, 6)}`;

const INDEX = new Map<string, number>(FEATURES.map(({ name }, index) => [name, index]));

/** Where a feature stands in the vector. */
export function featureIndex(name: FeatureName): number {
  const index = INDEX.get(name);
  if (index === undefined) throw new Error(`feature ${name} is not declared`);
  return index;
}
