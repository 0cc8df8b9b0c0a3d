import { passesLuhn } from '@trancendos/platform/luhn';

const DIGITS_MIN = 13;
const DIGITS_MAX = 19;

/** As cards print it: groups of 3 to 6 digits with one separator between them; the last may be shorter. */
const GROUPS = /(?<!\d)\d{3,6}(?:[ ._:-]\d{3,6})+(?:[ ._:-]\d{1,2})?(?!\d)/g;
const LONG_RUN = /\d{13,}/g;
/** With and without dashes. The digits of a UUID are no card number, although one UUID in some hundred would pass for one. */
const UUID = /(?<![0-9a-z])[0-9a-f]{8}(-?)[0-9a-f]{4}\1[0-9a-f]{4}\1[0-9a-f]{4}\1[0-9a-f]{12}(?![0-9a-z])/gi;

/** True when a text cannot hold a card number: a quick look that is right for nearly every request. */
export function surelyNoCardNumber(text: string): boolean {
  return !/\d(?:[ ._:-]?\d){12}/.test(text);
}

/**
 * True when `text` holds what may be a card number: 13 to 19 digits with a valid check digit (Luhn, ISO/IEC 7812-1), in a row or in the
 * groups that cards print, anywhere in the text.
 */
export function holdsCardNumber(text: string): boolean {
  if (surelyNoCardNumber(text)) return false;
  const rest = text.replace(UUID, '');
  for (const [run] of rest.matchAll(LONG_RUN)) {
    if (isCardNumber(run)) return true;
  }
  for (const [grouped] of rest.matchAll(GROUPS)) {
    if (someNeighboursAreCardNumber(grouped.split(/[ ._:-]/))) return true;
  }
  return false;
}

/**
 * True when an amount is more likely a card number than money: besides the check digit it has the length and the first digits of a card
 * scheme. An amount is the one field where 13 and more digits may be meant, and every tenth of them passes the check digit.
 */
export function isCardNumberAsAmount(amountMinor: number): boolean {
  const digits = String(Math.abs(amountMinor));
  return isCardNumber(digits) && SCHEMES.some((scheme) => scheme.test(digits));
}

/** Issuer prefixes and lengths: Visa, Mastercard, American Express, Diners Club, Discover and UnionPay, JCB, Maestro. */
const SCHEMES = [
  /^4(\d{12}|\d{15}|\d{18})$/,
  /^(5[1-5]\d\d|22[2-9]\d|2[3-6]\d\d|27[01]\d|2720)\d{12}$/,
  /^3[47]\d{13}$/,
  /^3(0[0-5]|[689]\d)\d{11}$/,
  /^6(011|4[4-9]\d|5\d\d|2\d\d)\d{12,15}$/,
  /^35(2[89]|[3-8]\d)\d{12,15}$/,
  /^(50|5[6-9]|6\d)\d{14}$/,
];

function someNeighboursAreCardNumber(groups: readonly string[]): boolean {
  for (let first = 0; first < groups.length; first++) {
    let digits = '';
    for (let last = first; last < groups.length && digits.length < DIGITS_MAX; last++) {
      digits += groups[last] ?? '';
      if (isCardNumber(digits)) return true;
    }
  }
  return false;
}

function isCardNumber(digits: string): boolean {
  return digits.length >= DIGITS_MIN && digits.length <= DIGITS_MAX && passesLuhn(digits);
}
