import type { Currency } from '@trancendos/contracts/money';

/** Currencies whose minor unit is not a hundredth. The contract's own table would bring its validator into the page; a test compares the two. */
const OTHER_THAN_TWO: Partial<Record<Currency, number>> = {
  BHD: 3,
  CLP: 0,
  ISK: 0,
  JOD: 3,
  JPY: 0,
  KRW: 0,
  KWD: 3,
  OMR: 3,
  TND: 3,
  VND: 0,
};

/** Decimal digits of a currency's minor unit (ISO 4217). */
export function currencyDigits(currency: Currency): number {
  return OTHER_THAN_TWO[currency] ?? 2;
}
