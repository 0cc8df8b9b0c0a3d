/** Who is trained and measured in an evaluation: our recipes, and baselines on the handbook's own inputs. */
export const CONTENDERS = ['champion', 'fallback', 'strict', 'logistic_regression', 'boosted_trees'] as const;
export type Contender = (typeof CONTENDERS)[number];
