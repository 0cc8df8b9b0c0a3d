import { refuse, type Refusal } from './refusal.ts';

/** An amount that was asked for, as minor units; or why it can be none. `field` is its JSON pointer. */
export function readAmount(asked: number, field: string): bigint | Refusal {
  if (!Number.isInteger(asked)) return refuse('amount_not_whole', `${asked} is no whole number`, field);
  if (asked <= 0) return refuse('amount_not_positive', `${asked} is not more than 0`, field);
  if (!Number.isSafeInteger(asked)) return refuse('amount_too_large', `${asked} is more than an amount can be`, field);
  return BigInt(asked);
}
