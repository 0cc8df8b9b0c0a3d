/** A result on the four test folds that somebody has published: mean and, where they say so, deviation. */
export interface PublishedResult {
  readonly model: string;
  readonly auc: number;
  readonly ap: number;
  readonly cp100: number;
}

/**
 * The Fraud Detection Handbook (Le Borgne et al. 2022), chapters 5 to 7: test folds, hyper-parameters chosen on the validation folds; the best row
 * of each metric on the test folds themselves comes last.
 */
export const PUBLISHED_RESULTS: readonly PublishedResult[] = [
  { model: 'Handbook: logistic regression', auc: 0.868, ap: 0.623, cp100: 0.297 },
  { model: 'Handbook: random forest', auc: 0.87, ap: 0.678, cp100: 0.299 },
  { model: 'Handbook: XGBoost', auc: 0.869, ap: 0.687, cp100: 0.303 },
  { model: 'Handbook: feed-forward network', auc: 0.876, ap: 0.675, cp100: 0.303 },
  { model: 'Handbook: LSTM', auc: 0.876, ap: 0.665, cp100: 0.297 },
  { model: 'Handbook: LSTM with attention', auc: 0.874, ap: 0.667, cp100: 0.295 },
  { model: 'Handbook: balanced bagging', auc: 0.879, ap: 0.68, cp100: 0.305 },
  { model: 'Handbook: best of each column', auc: 0.879, ap: 0.694, cp100: 0.305 },
];

/** First days of the training weeks of the handbook's folds. */
export const HANDBOOK_FOLDS = {
  test: ['2018-07-25', '2018-08-01', '2018-08-08', '2018-08-15'],
  validation: ['2018-06-20', '2018-06-27', '2018-07-04', '2018-07-11'],
} as const;

/** Rows and frauds of the training week and of the filtered test week, as published. */
export const PUBLISHED_FOLD_SIZES: Readonly<Record<string, readonly [number, number, number, number]>> = {
  '2018-07-25': [67_240, 598, 58_264, 385],
  '2018-08-01': [66_975, 626, 57_937, 387],
  '2018-08-08': [67_080, 568, 58_337, 408],
  '2018-08-15': [67_049, 594, 57_604, 422],
};

/** Totals of the published data by the last day that a file holds: rows, frauds, minor units. */
export const PUBLISHED_TOTALS = {
  /** Up to and including 2018-09-04. */
  toSeptember4: { rows: 1_504_628, frauds: 12_484, minor: 8_069_514_138 },
  /** All 183 days. */
  whole: { rows: 1_754_155, frauds: 14_681, minor: 9_407_937_008 },
} as const;
