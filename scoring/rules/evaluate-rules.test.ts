import { describe, expect, test } from '@jest/globals';
import { Ruleset, type Rule } from '@trancendos/contracts/ruleset';
import type { PaymentTransaction } from '@trancendos/contracts/transaction';
import { FEATURES, type FeatureName } from '@trancendos/models/features/declare-features';
import { samplePayment } from '../sample-messages.ts';
import { loadBaseRuleset } from './base-ruleset.ts';
import { compileRuleset, type CompiledRuleset } from './compile-ruleset.ts';
import { evaluateRules } from './evaluate-rules.ts';
import { factsOf, RuleFacts } from './rule-facts.ts';

type Values = Partial<Record<FeatureName, number>>;
const BASE = loadBaseRuleset();
const AT_MS = Date.parse('2026-03-02T12:00:01.000Z');

function withoutTerminal(): PaymentTransaction {
  const payment = samplePayment('t');
  delete payment.terminal_id;
  return payment;
}

function factsWith(
  values: Values,
  { score = 0, payment = samplePayment('t') }: { score?: number | null; payment?: PaymentTransaction } = {},
): RuleFacts {
  const features = FEATURES.map(({ name }) => values[name] ?? 0);
  return new RuleFacts(factsOf(payment), features, score);
}

const found = (values: Values, score: number | null = 0) =>
  evaluateRules(BASE, factsWith(values, { score }), AT_MS).findings.map(({ source, message }) => [source, message]);

const rule = (changes: Partial<Rule> = {}): Rule => ({
  id: 'a_rule',
  version: 1,
  effect: 'review',
  weight: 0,
  when: 'tx_amount > 1',
  reason: 'business_rule',
  message: '{tx_amount}',
  examples: [{ given: { tx_amount: 2 }, then: 'holds' }],
  ...changes,
});

function compiled(...rules: Rule[]): CompiledRuleset {
  const compilation = compileRuleset(Ruleset.parse({ name: 'x', rules }));
  if (!compilation.ok) throw new Error(JSON.stringify(compilation.errors));
  return compilation.ruleset;
}

function errorsOf(...rules: Rule[]): string[] {
  const compilation = compileRuleset({ name: 'x', rules });
  return compilation.ok ? [] : compilation.errors.map(({ pointer, detail }) => `${pointer}: ${detail}`);
}

describe('the base rules', () => {
  test('find nothing in an ordinary payment', () => {
    expect(found({ tx_amount: 61.2, customer_id_nb_tx_1day_window: 2 })).toEqual([]);
  });

  test('ask for a look at larger amounts only while there is no score', () => {
    expect(found({ tx_amount: 300 })).toEqual([]);
    expect(found({ tx_amount: 300 }, null)).toEqual([['amount_without_score@1', '300.00 with no score, more than 220.00']]);
  });

  test('say what they found in the words of the feature', () => {
    const [finding] = found({ terminal_id_risk_7day_window: 2 / 3, terminal_id_nb_tx_7day_window: 3 });
    expect(finding?.[1]).toBe('67 % of 3 payments at the terminal in 7 days are known frauds');
  });

  test('are silent, and not indeterminate, where no terminal is named', () => {
    const payment = withoutTerminal();
    expect(evaluateRules(BASE, factsWith({ tx_amount: 10 }, { payment }), AT_MS)).toEqual({ findings: [], indeterminate: [] });
  });
});

describe('a rule', () => {
  const atTerminal = rule({
    when: 'terminal_id_risk_7day_window > 0.5',
    examples: [{ given: { terminal_id_risk_7day_window: 1 }, then: 'holds' }],
  });
  const noTerminal = withoutTerminal();

  test('that needs a missing field is indeterminate, and named', () => {
    const facts = factsWith({ terminal_id_risk_7day_window: 1 }, { payment: noTerminal });
    expect(evaluateRules(compiled(atTerminal), facts, AT_MS)).toEqual({ findings: [], indeterminate: ['a_rule'] });
  });

  test('is judged all the same where the fields that are there settle it', () => {
    const either = rule({
      when: 'terminal_id_risk_7day_window > 0.5 || tx_amount > 100',
      examples: [{ given: { tx_amount: 101 }, then: 'holds' }],
    });
    const judge = (tx_amount: number) => evaluateRules(compiled(either), factsWith({ tx_amount }, { payment: noTerminal }), AT_MS);
    expect(judge(101).findings).toHaveLength(1);
    expect(judge(99).indeterminate).toEqual(['a_rule']);
  });

  test('that reads the score is indeterminate where no model scored', () => {
    const scored = rule({ when: 'score >= 500', examples: [{ given: { score: 500 }, then: 'holds' }] });
    expect(evaluateRules(compiled(scored), factsWith({}, { score: null }), AT_MS).indeterminate).toEqual(['a_rule']);
    expect(evaluateRules(compiled(scored), factsWith({}, { score: 500 }), AT_MS).findings).toHaveLength(1);
  });

  test('ends by itself at its expiry', () => {
    const ruleset = compiled(rule({ expires_at: '2026-03-02T12:00:01.000Z' }));
    expect(evaluateRules(ruleset, factsWith({ tx_amount: 2 }), AT_MS - 1).findings).toHaveLength(1);
    expect(evaluateRules(ruleset, factsWith({ tx_amount: 2 }), AT_MS).findings).toHaveLength(0);
  });

  test('may read the transaction itself: currency, merchant, hour and weekday', () => {
    const when =
      'transaction.currency in ["EUR", "USD"] && transaction.merchant_id.startsWith("books") && transaction.hour >= 12 && transaction.weekday == 1';
    const example = {
      given: { 'transaction.merchant_id': 'books-1', 'transaction.hour': 12, 'transaction.weekday': 1 },
      then: 'holds',
    } as const;
    expect(evaluateRules(compiled(rule({ when, examples: [example] })), factsWith({}), AT_MS).findings).toHaveLength(1);
  });
});

describe('a ruleset', () => {
  test('has another version when any of its rules changes', () => {
    expect(compiled(rule()).version).toBe(compiled(rule()).version);
    expect(compiled(rule()).version).not.toBe(compiled(rule({ weight: 1 })).version);
  });

  test.each<[string, Partial<Rule>, string]>([
    ['names what is no field', { when: 'tx_amuont > 1.0' }, '/rules/0/when: Unknown variable: tx_amuont at character 1: "tx_amuont"'],
    ['names no field of the transaction', { when: 'transaction.curency == "EUR"' }, 'No such key: curency'],
    ['compares a number with text', { when: 'tx_amount > "a"' }, 'no such overload: double > string at character 1'],
    ['adds a whole number to a feature', { when: 'tx_amount + 1 > 2.0' }, 'write 1.0 beside them'],
    ['is no condition', { when: 'tx_amount * 2.0' }, 'gives double, and a condition is true or false'],
    ['is cut off', { when: 'tx_amount >' }, 'Unexpected token: EOF at character 12: the end'],
    ['reads nothing', { when: '1 < 2' }, 'reads no field'],
    ['matches by regular expressions', { when: 'transaction.currency.matches("(a+)+b")' }, 'matches() cannot be used here'],
    ['loops', { when: '[1.0, 2.0].exists(x, x > tx_amount)' }, 'cannot be used here'],
    ['is endless', { when: Array.from({ length: 120 }, () => 'tx_amount > 1.0').join(' || ') }, '/rules/0/when'],
    ['puts what is no field into its message', { message: '{amount}' }, '/rules/0/message: {amount} is no field'],
    [
      'does not come out as its example says',
      { examples: [{ given: { tx_amount: 1 }, then: 'holds' }] },
      '/rules/0/examples/0: the condition is false',
    ],
    [
      'gives an example of what is no field',
      { examples: [{ given: { amount: 1 }, then: 'holds' }] },
      '/rules/0/examples/0: amount is no field',
    ],
  ])('that %s is refused whole, with the place', (_, changes, detail) => {
    const errors = errorsOf(rule({ id: 'good' }), rule()).concat(errorsOf(rule(changes)));
    expect(errors).toHaveLength(1);
    expect(errors[0]).toContain(detail);
  });

  test('is told all of its errors at once', () => {
    expect(errorsOf(rule({ when: 'nope' }), rule(), rule({ when: 'score' }))).toHaveLength(2);
  });

  test('has no two rules of one id, and no rule without an example', () => {
    expect(Ruleset.safeParse({ name: 'x', rules: [rule(), rule()] }).success).toBe(false);
    expect(Ruleset.safeParse({ name: 'x', rules: [rule({ examples: [] })] }).success).toBe(false);
  });
});
