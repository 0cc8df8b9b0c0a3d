import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { decide } from './decide.ts';
import { RULE_EFFECTS, type RuleEffect } from './rules/describe-ruleset.ts';
import type { Finding } from './rules/evaluate-rules.ts';

const THRESHOLDS = { review: 150, decline: 900 };
const SEVERITY = { approve: 0, review: 1, decline: 2 } as const;

const finding = (effect: RuleEffect): Finding => ({
  rule: { id: `rule_${effect}`, effect, category: 'rule', when: [], message: '' },
  message: '',
});

const findings = fc.array(fc.constantFrom(...RULE_EFFECTS).map(finding), { maxLength: 5 });
const score = fc.option(fc.integer({ min: 0, max: 1000 }));

describe('a decision', () => {
  test.each<[string, RuleEffect[], number | null, string]>([
    ['follows the score where no rule holds', [], 149, 'approve'],
    ['holds from the first threshold on', [], 150, 'review'],
    ['declines from the second on', [], 900, 'decline'],
    ['approves without a score where no rule holds', [], null, 'approve'],
    ['is a hold where a rule asks for review', ['review'], 0, 'review'],
    ['stays a decline where a rule asks for review only', ['review'], 950, 'decline'],
    ['is a decline where a rule blocks', ['block', 'review'], 0, 'decline'],
    ['is an approval where an allow list outweighs a block', ['block', 'allow'], 1000, 'approve'],
    ['is a decline where a fatal block outweighs an allow list', ['allow', 'fatal_block'], 0, 'decline'],
  ])('%s', (_, effects, given, action) => {
    expect(decide(effects.map(finding), given, THRESHOLDS).action).toBe(action);
  });

  test('never becomes milder by one more finding, unless that allows', () => {
    fc.assert(
      fc.property(findings, fc.constantFrom<RuleEffect>('fatal_block', 'block', 'review'), score, (given, effect, scored) => {
        const before = decide(given, scored, THRESHOLDS).action;
        const after = decide([...given, finding(effect)], scored, THRESHOLDS).action;
        expect(SEVERITY[after]).toBeGreaterThanOrEqual(SEVERITY[before]);
      }),
    );
  });

  test('never becomes milder by a higher score', () => {
    fc.assert(
      fc.property(findings, fc.nat({ max: 1000 }), fc.nat({ max: 1000 }), (given, a, b) => {
        const mild = decide(given, Math.min(a, b), THRESHOLDS).action;
        expect(SEVERITY[decide(given, Math.max(a, b), THRESHOLDS).action]).toBeGreaterThanOrEqual(SEVERITY[mild]);
      }),
    );
  });

  test('does not depend on the order of the findings', () => {
    fc.assert(
      fc.property(findings, score, (given, scored) => {
        expect(decide([...given].reverse(), scored, THRESHOLDS).action).toBe(decide(given, scored, THRESHOLDS).action);
      }),
    );
  });
});
