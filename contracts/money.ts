import { z } from 'zod';
import { CURRENCY_EXPONENT } from './currency-exponent.ts';

export type Currency = keyof typeof CURRENCY_EXPONENT;

/** ISO 4217 code of a currency in `CURRENCY_EXPONENT`. */
export const Currency = z.enum(Object.keys(CURRENCY_EXPONENT) as [Currency, ...Currency[]]);

/**
 * An amount in minor units, 0 .. 2^53-1. Zero is an account verification: it is decided, and moves no money.
 */
export const AmountMinor = z.int().min(0).max(Number.MAX_SAFE_INTEGER);

/** A counter or balance in minor units as a string of digits, because sums outgrow 2^53. Balances may be negative. */
export const CounterMinor = z.string().regex(/^-?\d{1,30}$/);
