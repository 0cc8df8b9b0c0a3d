import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { holdsCardNumber, isCardNumberAsAmount } from './find-card-number.ts';

/** Published test numbers of the card schemes. */
const TEST_CARDS = [
  '4111111111111111',
  '5555555555554444',
  '2223003122003222',
  '378282246310005',
  '30569309025904',
  '6011111111111117',
  '3530111333300000',
];

/** `length` digits with a valid check digit. */
const luhnValid = (length: number) =>
  fc.array(fc.integer({ min: 0, max: 9 }), { minLength: length - 1, maxLength: length - 1 }).map((digits) => {
    const sum = digits.reduce((total, digit, index) => {
      const doubled = (length - index) % 2 === 0 ? digit * 2 : digit;
      return total + (doubled > 9 ? doubled - 9 : doubled);
    }, 0);
    return [...digits, (10 - (sum % 10)) % 10].join('');
  });
const withoutLastDigit = fc.integer({ min: 13, max: 19 }).chain(luhnValid);

describe('a card number is found', () => {
  test.each(TEST_CARDS)('plain, within other text and in groups: %s', (card) => {
    const groups = card.replace(/(\d{4})(?=\d)/g, '$1-');
    for (const text of [card, `order ${card}!`, `x${card}y`, groups, groups.replaceAll('-', ' '), `T-1.${groups.replaceAll('-', '.')}`]) {
      expect(holdsCardNumber(text)).toBe(true);
    }
  });

  test('at every length from 13 to 19 digits, and no other', () => {
    fc.assert(fc.property(withoutLastDigit, (digits) => holdsCardNumber(`id:${digits}`)));
    fc.assert(fc.property(luhnValid(12), (digits) => !holdsCardNumber(digits)));
    fc.assert(fc.property(luhnValid(20), (digits) => !holdsCardNumber(digits)));
  });

  test('not where the check digit is wrong', () => {
    fc.assert(
      fc.property(withoutLastDigit, fc.integer({ min: 1, max: 9 }), (digits, shift) => {
        const wrong = digits.slice(0, -1) + String((Number(digits.at(-1)) + shift) % 10);
        return !holdsCardNumber(wrong);
      }),
    );
  });

  test('not in a UUID, whatever its digits are', () => {
    fc.assert(
      fc.property(fc.uuid(), (uuid) => !holdsCardNumber(`tx_${uuid}`) && !holdsCardNumber(uuid.replaceAll('-', ''))),
      { numRuns: 2_000 },
    );
    expect(holdsCardNumber('41111111-1111-1111-8111-111111111111')).toBe(false);
  });

  test('not in times, dates and counters', () => {
    for (const text of ['2026-05-01T16:04:11.482Z', 'T-00042', 'ACC-00017', '2026-05-01', '127.0.0.1:65535']) {
      expect(holdsCardNumber(text)).toBe(false);
    }
  });

  test('in time that grows with the length of the text only', () => {
    const startedMs = performance.now();
    holdsCardNumber('1111-'.repeat(13_000));
    holdsCardNumber('1'.repeat(65_000));
    holdsCardNumber('111111111111-'.repeat(5_000));
    expect(performance.now() - startedMs).toBeLessThan(500);
  });
});

describe('an amount', () => {
  test.each(TEST_CARDS)('that is a card number of a scheme is recognised: %s', (card) => {
    expect(isCardNumberAsAmount(Number(card))).toBe(true);
  });

  test('may be large', () => {
    // 1,800,000,000,000 and 1,000,000,000,008 pass the check digit, and begin like no card.
    for (const amount of [0, 1_249, 1_800_000_000_000, 1_000_000_000_008, Number.MAX_SAFE_INTEGER]) {
      expect(isCardNumberAsAmount(amount)).toBe(false);
    }
  });
});
