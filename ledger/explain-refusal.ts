import type { Reason } from '@trancendos/contracts/decision';
import { CURRENCY_EXPONENT, type Currency } from '@trancendos/contracts/money';

/** Why the ledger cannot do what was decided. */
export type Refusal =
  | { readonly code: 'insufficient_funds'; readonly neededMinor: bigint; readonly availableMinor: bigint; readonly currency: Currency }
  /** A counter of an account would outgrow what it can hold. */
  | { readonly code: 'ledger_capacity_reached' };

/** The ledger's reason for a decline, as it stands first in the outcome. */
export function explainRefusal(refusal: Refusal): Reason {
  return { code: refusal.code, category: 'ledger', effect: 'blocks', message: describe(refusal), weight: null };
}

function describe(refusal: Refusal): string {
  switch (refusal.code) {
    case 'insufficient_funds': {
      const { neededMinor, availableMinor, currency } = refusal;
      return `${inMajorUnits(neededMinor, currency)} ${currency} needed, ${inMajorUnits(availableMinor, currency)} available`;
    }
    case 'ledger_capacity_reached':
      return 'an account has reached the highest total that the ledger counts';
  }
}

/** `1249n` of EUR as `12.49`. */
function inMajorUnits(minor: bigint, currency: Currency): string {
  const exponent = CURRENCY_EXPONENT[currency];
  const digits = String(minor < 0n ? -minor : minor).padStart(exponent + 1, '0');
  const sign = minor < 0n ? '-' : '';
  return exponent === 0 ? sign + digits : `${sign}${digits.slice(0, -exponent)}.${digits.slice(-exponent)}`;
}
