import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Mt19937 } from './draw-mt19937.ts';
import { NumpyRandom } from './draw-numpy.ts';
import { PythonRandom } from './draw-python.ts';

/** Vectors without another origin were drawn with NumPy 2.4.6, pandas 3.1.1 and CPython 3.11.7. */
const times = <T>(count: number, draw: () => T): T[] => Array.from({ length: count }, draw);

describe('the Mersenne Twister', () => {
  test('seeded by a key gives the first numbers of the reference output mt19937ar.out', () => {
    const generator = Mt19937.fromKey([0x123, 0x234, 0x345, 0x456]);
    expect(times(5, () => generator.nextWord())).toEqual([1067595299, 955945823, 477289528, 4107218783, 4228976476]);
  });

  test('seeded by 5489 gives 4123659995 as its 10,000th number, as the C++ standard demands of mt19937', () => {
    const generator = Mt19937.fromWord(5489);
    expect(times(10_000, () => generator.nextWord()).at(-1)).toBe(4123659995);
  });

  test('takes the smallest and the largest seed of 32 bits', () => {
    expect(Mt19937.fromWord(0).nextWord()).toBe(2357136044);
    expect(Mt19937.fromWord(0xffffffff).nextWord()).toBe(419326371);
  });
});

describe('a NumPy stream', () => {
  test('draws uniform numbers', () => {
    const random = new NumpyRandom(0);
    expect(times(3, () => random.uniform(0, 100))).toEqual([54.88135039273247, 71.51893663724195, 60.276337607164386]);
    expect(random.uniform(5, 100)).toBe(56.763902384705204);
  });

  test('draws normal numbers in pairs', () => {
    const random = new NumpyRandom(0);
    expect(times(5, () => random.normal(43_200, 20_000))).toEqual([
      78481.04691935328, 51203.144167344464, 62774.75968211479, 88017.86398402916, 80551.15980299935,
    ]);
  });

  test('keeps the second number of a pair while other distributions are drawn', () => {
    const random = new NumpyRandom(7);
    const mixed = [random.uniform(0, 1), random.normal(0, 1), random.poisson(3), random.normal(0, 1), random.normal(0, 1)];
    expect(mixed).toEqual([0.07630828937395717, -0.3206032549443759, 4, 1.4570832287334776, -0.0008903858579313628]);
  });

  test.each([
    [0, [0, 0, 0], 0.417022004702574],
    [2.5, [2, 1, 1, 2, 2, 1, 3, 3, 3, 0, 2, 4, 2, 5, 3, 1, 2, 1, 2, 1], undefined],
    [10, [9, 6, 7, 9, 9, 9, 6, 8, 5, 5, 18, 12, 8, 5, 15, 8, 7, 10, 11, 11], undefined],
    [40.5, [39, 33, 34, 38, 39, 39, 32, 37, 30, 31, 56, 44, 44, 36, 31, 51, 36, 35, 40, 42], 0.5893055369032842],
    [1000, [992, 962, 968, 991, 993, 970, 992, 961, 983, 1042], 0.08504421136977791],
  ])('draws Poisson numbers of mean %d', (mean, numbers, next) => {
    const random = new NumpyRandom(1);
    expect(times(numbers.length, () => random.poisson(mean))).toEqual(numbers);
    if (next !== undefined) expect(random.uniform(0, 1)).toBe(next);
  });

  test('permutes', () => {
    expect([...new NumpyRandom(7).permutation(10)]).toEqual([8, 5, 0, 2, 1, 9, 7, 3, 6, 4]);
  });

  test('samples the rows that pandas samples', () => {
    expect([...new NumpyRandom(0).sampleRows(10_000, 2)]).toEqual([9394, 898]);
    expect([...new NumpyRandom(181).sampleRows(5_000, 3)]).toEqual([4314, 3945, 4038]);
  });
});

describe('a Python stream', () => {
  test('chooses', () => {
    const random = new PythonRandom(0);
    expect(times(10, () => random.below(80))).toEqual([49, 53, 5, 33, 65, 62, 51, 38, 61, 45]);
    const last = new PythonRandom(0xffffffff);
    expect(times(5, () => last.below(1000))).toEqual([650, 634, 208, 220, 621]);
  });

  test('draws even where there is only one choice', () => {
    const random = new PythonRandom(3);
    expect(times(3, () => random.below(1))).toEqual([0, 0, 0]);
    expect(random.below(2 ** 31)).toBe(2036044446);
  });

  test('samples from a copy of a small population', () => {
    expect(new PythonRandom(5).sampleRows(20, 6)).toEqual([19, 8, 11, 16, 0, 13]);
    expect(new PythonRandom(5).sampleRows(84, 28)).toEqual([
      79, 32, 45, 67, 3, 59, 31, 6, 20, 14, 47, 60, 77, 48, 69, 13, 71, 1, 27, 52, 35, 11, 58, 55, 49, 24, 10, 70,
    ]);
  });

  test('samples by rejection from a large population', () => {
    expect(new PythonRandom(5).sampleRows(1000, 6)).toEqual([637, 261, 759, 367, 814, 707]);
  });

  test('changes its way of sampling at the size at which Python does', () => {
    const random = new PythonRandom(5);
    expect(random.sampleRows(21, 5)).toEqual([19, 8, 11, 16, 0]);
    expect(random.sampleRows(22, 5)).toEqual([14, 7, 20, 1, 5]);
  });

  test('refuses to take more rows than there are', () => {
    expect(() => new PythonRandom(5).sampleRows(3, 4)).toThrow('cannot take 4 different rows of 3');
  });
});

describe('a sample', () => {
  const population = fc.integer({ min: 1, max: 400 }).chain((length) => fc.tuple(fc.constant(length), fc.integer({ min: 0, max: length })));

  test('has the asked number of different rows, all of them in the population', () => {
    fc.assert(
      fc.property(fc.nat(0xffffffff), population, (seed, [length, count]) => {
        for (const rows of [[...new NumpyRandom(seed).sampleRows(length, count)], new PythonRandom(seed).sampleRows(length, count)]) {
          expect(rows).toHaveLength(count);
          expect(new Set(rows).size).toBe(count);
          expect(rows.every((row) => Number.isInteger(row) && row >= 0 && row < length)).toBe(true);
        }
      }),
    );
  });
});
