/** Payments whose labels are known, as columns in the order of time. */
export interface LabelledPayments {
  readonly count: number;
  /** Small whole numbers that stand for customers and terminals. */
  readonly customer: Uint32Array;
  readonly terminal: Uint32Array;
  /** In units of money. */
  readonly amount: Float64Array;
  /** Days since the first day of the data. */
  readonly day: Uint32Array;
  /** 0 or 1. */
  readonly fraud: Uint8Array;
}
