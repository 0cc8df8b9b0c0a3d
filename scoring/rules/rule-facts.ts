import type { PaymentTransaction } from '@trancendos/contracts/transaction';
import { FEATURES } from '@trancendos/models/features/declare-features';
import type { FeatureDeclaration } from '@trancendos/models/features/feature-declaration';

/** What rules may read of the transaction itself, as `transaction.currency`. Absent ones make a condition indeterminate. */
export class TransactionFacts {
  declare currency: string | undefined;
  declare merchant_id: string | undefined;
  declare terminal_id: string | undefined;
  declare account_id: string | undefined;
  declare card_token: string | undefined;
  /** UTC; hours 0 to 23, days from Monday 1 to Sunday 7. The language counts in 64-bit integers. */
  declare hour: bigint | undefined;
  declare weekday: bigint | undefined;
}

/** Fields of `TransactionFacts` with their types in the expression language. */
export const TRANSACTION_FIELDS = {
  currency: 'string',
  merchant_id: 'string',
  terminal_id: 'string',
  account_id: 'string',
  card_token: 'string',
  hour: 'int',
  weekday: 'int',
} as const satisfies Record<keyof TransactionFacts, string>;
export type TransactionField = keyof typeof TRANSACTION_FIELDS;

/**
 * What the rules are evaluated on: every declared feature by its name, `transaction`, `score` (0 to 1000, absent where no model scored) and
 * `model_scored`. A feature of a terminal is absent where the transaction names none, and so is one that is no number.
 */
export class RuleFacts {
  readonly transaction: TransactionFacts;
  readonly score: bigint | undefined;
  readonly model_scored: boolean;
  readonly #features: ArrayLike<number>;
  readonly #atTerminal: boolean;

  constructor(transaction: TransactionFacts, features: ArrayLike<number>, score: number | null) {
    this.transaction = transaction;
    this.#features = features;
    this.#atTerminal = transaction.terminal_id !== undefined;
    this.score = score === null ? undefined : BigInt(score);
    this.model_scored = score !== null;
  }

  /** The value of a feature; undefined where it is missing. */
  featureAt(index: number): number | undefined {
    const value = this.#features[index];
    if (value === undefined || Number.isNaN(value)) return undefined;
    return !this.#atTerminal && OF_TERMINALS[index] === true ? undefined : value;
  }
}

const OF_TERMINALS = FEATURES.map(({ entity }) => entity === 'terminal');

FEATURES.forEach(({ name }, index) => {
  Object.defineProperty(RuleFacts.prototype, name, {
    get(this: RuleFacts) {
      return this.featureAt(index);
    },
  });
});

export function factsOf(transaction: PaymentTransaction): TransactionFacts {
  const { currency, merchant_id, terminal_id, payer, occurred_at } = transaction;
  const moment = new Date(occurred_at);
  return makeTransactionFacts({
    currency,
    merchant_id,
    terminal_id,
    account_id: payer.account_id,
    card_token: payer.card_token,
    hour: BigInt(moment.getUTCHours()),
    weekday: BigInt(moment.getUTCDay() === 0 ? 7 : moment.getUTCDay()),
  });
}

/** Leaves absent fields out, so that `has(transaction.terminal_id)` tells. */
export function makeTransactionFacts(values: Partial<Record<TransactionField, string | bigint | undefined>>): TransactionFacts {
  const present = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.assign(new TransactionFacts(), Object.fromEntries(present));
}

/** A value as people read it. */
export function formatFeature(unit: FeatureDeclaration['unit'] | undefined, value: number): string {
  if (unit === 'major') return value.toFixed(2);
  if (unit === 'share') return `${Math.round(value * 100)} %`;
  return String(Math.round(value * 1000) / 1000);
}
