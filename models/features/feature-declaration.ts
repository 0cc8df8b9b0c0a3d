/**
 * What a feature speaks of, in the order in which explanations list them. `amount`: the amount as it stands. `velocity`: how often the payer
 * pays. `terminal`: what is known of the place. `customer`: how far the payer departs from what is usual for them. `time`: the calendar.
 */
export const FEATURE_GROUPS = ['amount', 'velocity', 'terminal', 'customer', 'time'] as const;
export type FeatureGroup = (typeof FEATURE_GROUPS)[number];

/** What one number of the feature vector means. Documentation, drift metrics and the hash of the set are made from it. */
export interface FeatureDeclaration<Name extends string = string> {
  readonly name: Name;
  /** Whose history it is computed from. `transaction`: none. */
  readonly entity: 'transaction' | 'customer' | 'terminal';
  /** `major`: units of money, not cents. `share`: 0 to 1. `flag`: 0 or 1. `ratio`: one amount by another. `log_odds`: natural logarithm. */
  readonly unit: 'major' | 'count' | 'share' | 'flag' | 'ratio' | 'days' | 'log_odds';
  /** Null where there is no window. */
  readonly windowDays: number | null;
  /** Exact enough to compute it again; t is the transaction's own time, d a day of 86,400 s. */
  readonly formula: string;
  /** The value where there is nothing to compute from, e.g. no terminal. */
  readonly default: number;
  /** Features that state one fact together: they are explained as one. */
  readonly group: FeatureGroup;
  /** Whether its values follow from the belief parameters that a model version brings along. */
  readonly believed: boolean;
  readonly description: string;
}
