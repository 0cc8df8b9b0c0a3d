/** What a verification of the ledger can find, and what holds where it finds nothing. */
export const MISMATCH_KINDS = {
  SEQUENCE_GAP: 'transfers, entries and batches are numbered from 1 without a gap, and batches hold what they say',
  HASH_MISMATCH: "a batch's transfers hash to its Merkle root and the nodes that are kept of its tree, and its header to its hash",
  CHAIN_MISMATCH: 'every batch stands on the hash of the one before, and the writer on the last',
  BALANCE_MISMATCH: 'the counters that a transfer carries are those before it, changed by its amount',
  VERSION_MISMATCH: "an account's versions rise with every transfer that touches it",
  ACCOUNT_MISMATCH: "every account's counters are those that its transfers make",
  IMBALANCE: 'in every currency debits equal credits, posted and pending',
  CURRENCY_MISMATCH: 'both sides of a transfer have one currency',
  REFERENCE_MISSING: 'what a transfer refers to exists: accounts, cause, input, and what it captures, releases or reverses',
  HOLD_MISMATCH: 'what a hold has left, and has captured, is what its transfers make of it',
  REVERSAL_MISMATCH: 'what is noted as given back is the sum of the reversals, and never more than was moved',
  TIME_BACKWARDS: 'batches are committed in the order of their times, and transfers at the time of their batch',
  INPUT_MISMATCH: 'inputs have been taken in up to where the batches say',
} as const;

export type MismatchKind = keyof typeof MISMATCH_KINDS;

/** One thing that is wrong: what, where, and how. */
export interface Mismatch {
  readonly kind: MismatchKind;
  /** Such as `transfer 17`, `batch 3`, `customer:ACC-1:EUR`. */
  readonly where: string;
  readonly detail: string;
}
