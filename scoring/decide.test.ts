import { describe, expect, test } from '@jest/globals';
import { RULE_EFFECTS, type RuleEffect } from '@trancendos/contracts/ruleset';
import fc from 'fast-check';
import { bandOf, decide, type Band } from './decide.ts';
import type { Finding } from './rules/evaluate-rules.ts';

const BANDS: readonly Band[] = ['low', 'elevated', 'high'];
const SEVERITY = { approve: 0, review: 1, decline: 2 } as const;

const finding = (effect: RuleEffect, weight = 0): Finding => ({
  effect,
  weight,
  code: 'business_rule',
  category: 'rule',
  message: '',
  source: `rule_${effect}@1`,
});

const findings = fc.array(
  fc.constantFrom(...RULE_EFFECTS).map((effect) => finding(effect)),
  { maxLength: 6 },
);
const band = fc.constantFrom<Band | null>(...BANDS, null);

describe('a decision', () => {
  test.each<[string, RuleEffect[], Band | null, string]>([
    ['follows the band where no rule holds', [], 'low', 'approve'],
    ['is a hold in the elevated band', [], 'elevated', 'review'],
    ['is a decline in the high band', [], 'high', 'decline'],
    ['approves without a score where no rule holds', [], null, 'approve'],
    ['is a hold where a rule asks for review', ['review'], 'low', 'review'],
    ['stays a decline where a rule asks for review only', ['review'], 'high', 'decline'],
    ['is a decline where a rule blocks', ['block', 'review'], 'low', 'decline'],
    ['is an approval where an allow list outweighs a block', ['block', 'allow'], 'high', 'approve'],
    ['is a decline where a fatal block outweighs an allow list', ['allow', 'fatal_block'], 'low', 'decline'],
  ])('%s', (_, effects, given, action) => {
    expect(
      decide(
        effects.map((effect) => finding(effect)),
        given,
      ).action,
    ).toBe(action);
  });

  test('is that of the strongest of fatal block > allow > block > review > model band > approve, whatever else holds', () => {
    fc.assert(
      fc.property(findings, band, (given, banded) => {
        const { action } = decide(given, banded);
        const has = (effect: RuleEffect) => given.some((each) => each.effect === effect);
        if (has('fatal_block')) expect(action).toBe('decline');
        else if (has('allow')) expect(action).toBe('approve');
        else if (has('block') || banded === 'high') expect(action).toBe('decline');
        else if (has('review') || banded === 'elevated') expect(action).toBe('review');
        else expect(action).toBe('approve');
      }),
      { numRuns: 1_000 },
    );
  });

  test('never becomes milder by one more finding, unless that allows', () => {
    fc.assert(
      fc.property(findings, fc.constantFrom<RuleEffect>('fatal_block', 'block', 'review'), band, (given, effect, banded) => {
        const before = decide(given, banded).action;
        const after = decide([...given, finding(effect)], banded).action;
        expect(SEVERITY[after]).toBeGreaterThanOrEqual(SEVERITY[before]);
      }),
    );
  });

  test('never becomes milder by a higher probability', () => {
    const probability = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(findings, probability, probability, (given, a, b) => {
        const cutoffs = { review: 0.15, decline: 0.9 };
        const mild = decide(given, bandOf(Math.min(a, b), cutoffs)).action;
        expect(SEVERITY[decide(given, bandOf(Math.max(a, b), cutoffs)).action]).toBeGreaterThanOrEqual(SEVERITY[mild]);
      }),
    );
  });

  test('does not depend on the order of the findings', () => {
    fc.assert(
      fc.property(findings, band, (given, banded) => {
        expect(decide([...given].reverse(), banded).action).toBe(decide(given, banded).action);
      }),
    );
  });

  test('names the heaviest of the findings that made it first', () => {
    const { decisive } = decide([finding('review', 1), finding('block', 5), finding('block', 9)], 'low');
    expect(decisive.map(({ weight }) => weight)).toEqual([9, 5]);
  });
});
