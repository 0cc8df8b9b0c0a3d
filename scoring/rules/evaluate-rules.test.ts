import { describe, expect, test } from '@jest/globals';
import { FEATURES, type FeatureName } from '@trancendos/models/features/declare-features';
import { BASE_RULESET } from './base-ruleset.ts';
import { describeRuleset, type Rule } from './describe-ruleset.ts';
import { evaluateRules } from './evaluate-rules.ts';

const vector = (values: Partial<Record<FeatureName, number>>) => FEATURES.map(({ name }) => values[name] ?? 0);
const found = (values: Partial<Record<FeatureName, number>>, modelScored = true) =>
  evaluateRules(BASE_RULESET, { features: vector(values), modelScored }).map(({ rule, message }) => [rule.id, message]);

describe('the base rules', () => {
  test('find nothing in an ordinary payment', () => {
    expect(found({ tx_amount: 61.2, customer_id_nb_tx_1day_window: 2 })).toEqual([]);
  });

  test.each<[string, Partial<Record<FeatureName, number>>, Partial<Record<FeatureName, number>>]>([
    ['amount_above_limit', { tx_amount: 5_000 }, { tx_amount: 5_000.01 }],
    ['too_many_payments', { customer_id_nb_tx_1day_window: 20 }, { customer_id_nb_tx_1day_window: 21 }],
    [
      'terminal_mostly_fraud',
      { terminal_id_risk_7day_window: 0.49, terminal_id_nb_tx_7day_window: 100 },
      { terminal_id_risk_7day_window: 0.5, terminal_id_nb_tx_7day_window: 4 },
    ],
  ])('%s holds beyond its limit and not at it', (id, within, beyond) => {
    expect(found(within)).toEqual([]);
    expect(found(beyond).map(([rule]) => rule)).toEqual([id]);
  });

  test('ask for a look at larger amounts only while there is no score', () => {
    expect(found({ tx_amount: 300 })).toEqual([]);
    expect(found({ tx_amount: 300 }, false)).toEqual([['amount_without_score', '300.00 with no score, more than 220.00']]);
  });

  test('say what they found in the words of the feature', () => {
    const [finding] = found({ terminal_id_risk_7day_window: 2 / 3, terminal_id_nb_tx_7day_window: 3 });
    expect(finding?.[1]).toBe('67 % of 3 payments at the terminal in 7 days are known frauds');
  });
});

describe('a ruleset', () => {
  const rule: Rule = { id: 'a', effect: 'review', category: 'rule', when: [{ field: 'tx_amount', is: 'above', value: 1 }], message: '' };

  test('has another version when any of its rules changes', () => {
    const changed = { ...rule, when: [{ field: 'tx_amount', is: 'above', value: 2 }] } as const;
    expect(describeRuleset('x', [rule]).version).toBe(describeRuleset('x', [{ ...rule }]).version);
    expect(describeRuleset('x', [rule]).version).not.toBe(describeRuleset('x', [changed]).version);
  });

  test('that names what is no feature is a fault, not a silent pass', () => {
    const broken = describeRuleset('x', [{ ...rule, when: [{ field: 'tx_amuont' as FeatureName, is: 'above', value: 1 }] }]);
    expect(() => evaluateRules(broken, { features: vector({}), modelScored: true })).toThrow('tx_amuont');
  });
});
