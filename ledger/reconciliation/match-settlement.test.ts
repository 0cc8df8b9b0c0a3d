import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { matchSettlement, type OpenLine, type OpenTransfer } from './match-settlement.ts';

const line = (key: string, amountMinor: number, rest: Partial<OpenLine> = {}): OpenLine => ({
  key,
  day: 100,
  amountMinor: BigInt(amountMinor),
  reference: null,
  ...rest,
});
let seq = 0;
const transfer = (id: string, amountMinor: number, rest: Partial<OpenTransfer> = {}): OpenTransfer => ({
  id,
  seq: ++seq,
  day: 100,
  amountMinor: BigInt(amountMinor),
  references: [],
  ...rest,
});

describe('a line', () => {
  test('stands for the transfer with its reference and amount, though another one has the same amount', () => {
    const transfers = [transfer('a', 500, { references: ['t-1'] }), transfer('b', 500, { references: ['t-2'] })];
    const { matches } = matchSettlement([line('1', 500, { reference: 't-2' })], transfers, 3);
    expect(matches).toEqual([{ line: '1', transferIds: ['b'], rule: 'reference' }]);
  });

  test('stands for all transfers with its reference where they add up to it, such as a sale and what was refunded of it', () => {
    const transfers = [transfer('a', 500, { references: ['t-1'] }), transfer('b', -120, { references: ['t-1'], day: 101 })];
    const { matches } = matchSettlement([line('1', 380, { reference: 't-1' })], transfers, 3);
    expect(matches).toEqual([{ line: '1', transferIds: ['a', 'b'], rule: 'reference_sum' }]);
  });

  test('without a reference stands for the only transfer of its amount', () => {
    const { matches } = matchSettlement([line('1', 500)], [transfer('a', 500), transfer('b', 501)], 3);
    expect(matches).toEqual([{ line: '1', transferIds: ['a'], rule: 'amount' }]);
  });

  test('stands for a whole day where that is what a payout is', () => {
    const transfers = [transfer('a', 300), transfer('b', 450), transfer('c', -50), transfer('d', 900, { day: 101 })];
    const { matches } = matchSettlement([line('1', 700, { day: 101 })], transfers, 1);
    expect(matches).toEqual([{ line: '1', transferIds: ['a', 'b', 'c'], rule: 'day_total' }]);
  });

  test('stands for the only few transfers that add up to it', () => {
    const transfers = [transfer('a', 300), transfer('b', 450), transfer('c', 1_000)];
    const { matches } = matchSettlement([line('1', 750)], transfers, 1);
    expect(matches).toEqual([{ line: '1', transferIds: ['a', 'b'], rule: 'combination' }]);
  });

  test('that could stand for one transfer or another is left to a person', () => {
    const two = [transfer('a', 500), transfer('b', 500)];
    expect(matchSettlement([line('1', 500)], two, 3)).toEqual({ matches: [], unmatched: [{ line: '1', reason: 'ambiguous' }] });
    const sums = [transfer('a', 300), transfer('b', 200), transfer('c', 100), transfer('d', 400), transfer('e', 7)];
    expect(matchSettlement([line('1', 500)], sums, 3).matches).toEqual([]);
  });

  test.each([
    ['amount_differs', transfer('a', 499, { references: ['t-1'] })],
    ['outside_window', transfer('a', 500, { references: ['t-1'], day: 104 })],
    ['no_candidate', transfer('a', 499, { references: ['t-9'] })],
  ] as const)('says why it is left: %s', (reason, only) => {
    expect(matchSettlement([line('1', 500, { reference: 't-1' })], [only], 3).unmatched).toEqual([{ line: '1', reason }]);
  });

  test('never takes a transfer that a surer match has taken', () => {
    const transfers = [transfer('a', 500, { references: ['t-1'] })];
    const lines = [line('1', 500), line('2', 500, { reference: 't-1' })];
    expect(matchSettlement(lines, transfers, 3)).toEqual({
      matches: [{ line: '2', transferIds: ['a'], rule: 'reference' }],
      unmatched: [{ line: '1', reason: 'no_candidate' }],
    });
  });
});

const amounts = fc.integer({ min: -6, max: 6 }).filter((amount) => amount !== 0);
const references = fc.constantFrom('r-1', 'r-2', 'r-3');
const days = fc.integer({ min: 98, max: 103 });
const lines = fc
  .array(fc.record({ amount: amounts, day: days, reference: fc.option(references) }), { maxLength: 12 })
  .map((list) => list.map(({ amount, ...rest }, index) => line(`line-${index}`, amount, rest)));
const transfers = fc
  .array(fc.record({ amount: amounts, day: days, references: fc.array(references, { maxLength: 2 }) }), { maxLength: 14 })
  .map((list) => list.map(({ amount, ...rest }, index) => transfer(`transfer-${index}`, amount, { ...rest, seq: index })));
const windows = fc.integer({ min: 0, max: 3 });

describe('whatever the lines and transfers are', () => {
  test('every line has one answer, and no transfer is in two of them', () => {
    fc.assert(
      fc.property(lines, transfers, windows, (given, candidates, window) => {
        const { matches, unmatched } = matchSettlement(given, candidates, window);
        const answered = [...matches, ...unmatched].map((answer) => answer.line);
        expect(answered.sort()).toEqual(given.map(({ key }) => key).sort());
        const used = matches.flatMap(({ transferIds }) => transferIds);
        expect(new Set(used).size).toBe(used.length);
      }),
    );
  });

  test('every match adds up to its line, within the window', () => {
    fc.assert(
      fc.property(lines, transfers, windows, (given, candidates, window) => {
        for (const match of matchSettlement(given, candidates, window).matches) {
          const own = given.find(({ key }) => key === match.line)!;
          const found = match.transferIds.map((id) => candidates.find((candidate) => candidate.id === id)!);
          expect(found.reduce((sum, { amountMinor }) => sum + amountMinor, 0n)).toBe(own.amountMinor);
          for (const { day } of found) expect(Math.abs(day - own.day)).toBeLessThanOrEqual(window);
        }
      }),
    );
  });

  test('the order in which they come changes nothing', () => {
    fc.assert(
      fc.property(lines, transfers, windows, (given, candidates, window) => {
        const again = matchSettlement([...given].reverse(), [...candidates].reverse(), window);
        expect(again).toEqual(matchSettlement(given, candidates, window));
      }),
    );
  });

  test('a line whose reference and amount one transfer in the window has is never left', () => {
    fc.assert(
      fc.property(lines, transfers, windows, (given, candidates, window) => {
        const { unmatched, matches } = matchSettlement(given, candidates, window);
        const taken = new Set(matches.flatMap(({ transferIds }) => transferIds));
        for (const { line: key } of unmatched) {
          const own = given.find((candidate) => candidate.key === key)!;
          const missed = candidates.filter(
            ({ id, day, amountMinor, references: named }) =>
              !taken.has(id) &&
              amountMinor === own.amountMinor &&
              own.reference !== null &&
              named.includes(own.reference) &&
              Math.abs(day - own.day) <= window,
          );
          expect(missed).toEqual([]);
        }
      }),
    );
  });

  test('what is left is matched no further by trying again', () => {
    fc.assert(
      fc.property(lines, transfers, windows, (given, candidates, window) => {
        const { matches, unmatched } = matchSettlement(given, candidates, window);
        const taken = new Set(matches.flatMap(({ transferIds }) => transferIds));
        const left = given.filter(({ key }) => unmatched.some((answer) => answer.line === key));
        const again = matchSettlement(
          left,
          candidates.filter(({ id }) => !taken.has(id)),
          window,
        );
        // Boldest rules may find more once others have gone; the surest may not.
        expect(again.matches.filter(({ rule }) => rule === 'reference')).toEqual([]);
      }),
    );
  });
});
