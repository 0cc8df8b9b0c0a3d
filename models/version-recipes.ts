import { BOOK_FEATURES } from './features/declare-book-features.ts';
import { FEATURES, type FeatureName } from './features/declare-features.ts';
import type { NetworkRecipe } from './network-recipe.ts';
import type { ColumnKind } from './transform-features.ts';

/** One input of a network: a feature, and how it is bent. */
export interface Column {
  readonly feature: FeatureName;
  readonly kind: ColumnKind;
}

/** What a model version reads and how it is trained. */
export interface VersionRecipe {
  /** In words, for the card. */
  readonly purpose: string;
  readonly columns: readonly Column[];
  /** Days of fitting, which end with the training week. */
  readonly fitDays: number;
  readonly network: NetworkRecipe;
}

/** Features that speak of beliefs or time on top of what the champion needs to know of the payment itself. */
const CHAMPION_PLAIN: readonly FeatureName[] = ['tx_amount', 'tx_during_weekend', 'tx_during_night', 'customer_payments_per_day'];

/** Logarithms and sums of them stay as they are. */
function columnOf({ name, unit }: (typeof FEATURES)[number]): Column {
  return { feature: name, kind: unit === 'log_odds' ? 'odds' : 'log' };
}

const BELIEFS: readonly [FeatureName, FeatureName] = ['terminal_compromise_log_odds', 'customer_theft_log_odds'];
const OVER_LIMIT: Column = { feature: 'tx_amount', kind: 'over' };

/** The champion starts from its beliefs: what is learned on top of them is little, and more of it costs it the order of quiet payments. */
const FEW_SMALL = { members: 4, hiddenUnits: [32, 16], dropout: 0, batchRows: 2_048 } as const;
const EIGHT_SMALL = { members: 8, hiddenUnits: [32, 16], dropout: 0, batchRows: 2_048, startFrom: null } as const;

/** The recipes that are trained, evaluated and committed. Tuned on the validation folds only; `models/runs.csv` tells what was tried. */
export const VERSION_RECIPES = {
  champion: {
    purpose: 'the champion: beliefs about hidden spells of compromise and theft',
    columns: [...FEATURES.filter(({ name, believed }) => believed || CHAMPION_PLAIN.includes(name)).map(columnOf), OVER_LIMIT],
    fitDays: 28,
    network: { ...FEW_SMALL, activation: 'relu', skip: true, startFrom: BELIEFS, weightDecay: 0, epochs: 2, learningRate: 0.0003 },
  },
  fallback: {
    purpose: 'the fallback: behaviour of payers and terminals, without hidden states',
    columns: [...FEATURES.filter(({ believed }) => !believed).map(columnOf), OVER_LIMIT],
    fitDays: 28,
    network: { ...EIGHT_SMALL, activation: 'swish', skip: false, weightDecay: 1e-5, epochs: 4, learningRate: 0.004 },
  },
  strict: {
    purpose: "the handbook's own inputs: 15 features, one week of training",
    columns: BOOK_FEATURES.map(({ name }): Column => ({ feature: name, kind: 'log' })),
    fitDays: 7,
    network: { ...EIGHT_SMALL, activation: 'relu', skip: false, weightDecay: 1e-5, epochs: 12, batchRows: 512, learningRate: 0.003 },
  },
} as const satisfies Record<string, VersionRecipe>;

export type RecipeName = keyof typeof VERSION_RECIPES;
