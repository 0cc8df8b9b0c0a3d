import { describe, expect, test } from '@jest/globals';
import type { EntityList } from '@trancendos/contracts/control';
import { Decision } from '@trancendos/contracts/decision';
import { REASON_CODES } from '@trancendos/contracts/reason-codes';
import type { PaymentTransaction } from '@trancendos/contracts/transaction';
import { FEATURES, type FeatureName } from '@trancendos/models/features/declare-features';
import type { FeatureGroup } from '@trancendos/models/features/feature-declaration';
import { ListIndex } from './lists/match-lists.ts';
import { makeDecision } from './make-decision.ts';
import type { ModelOpinion } from './opine-rows.ts';
import { samplePayment } from './sample-messages.ts';
import { firstOrders, type StandingOrders } from './standing-orders.ts';

const ORDINARY: Partial<Record<FeatureName, number>> = {
  tx_amount: 61,
  customer_id_nb_tx_1day_window: 1,
  customer_id_nb_tx_7day_window: 14,
  customer_id_nb_tx_30day_window: 59,
  customer_id_avg_amount_30day_window: 61,
  customer_usual_amount: 61.2,
  customer_amount_to_usual: 1,
  terminal_id_nb_tx_7day_window: 41,
  terminal_id_nb_tx_30day_window: 160,
};
type Values = Partial<Record<FeatureName, number>>;

const vector = (changes: Values = {}) => Float64Array.from(FEATURES, ({ name }) => ({ ...ORDINARY, ...changes })[name] ?? 0);

const scored = (probability: number, weights: Partial<Record<FeatureGroup, number>> = {}): ModelOpinion => ({
  kind: 'scored',
  model: 'luminous-2@abcdef',
  byFallback: false,
  probability,
  weights: { amount: 0, velocity: 0, terminal: 0, customer: 0, time: 0, ...weights },
});

interface Given {
  readonly features?: Float64Array;
  readonly opinion?: ModelOpinion;
  readonly payment?: Partial<PaymentTransaction>;
  readonly orders?: Partial<StandingOrders>;
}

function decideOn({ features = vector(), opinion = scored(0), payment = {}, orders = {} }: Given): Decision {
  const receivedMs = Date.parse('2026-03-02T12:00:01.000Z');
  const times = { sentAtMs: receivedMs + 2.25, receivedAtMs: receivedMs + 4, decidedAtMs: receivedMs + 4.5 };
  const transaction = samplePayment('tx-1', { amount_minor: 6_100, ...payment });
  return makeDecision({
    transaction,
    features,
    featuresVersion: 'x',
    outcome: 'added',
    opinion,
    orders: { ...firstOrders(), ...orders },
    times,
  });
}

describe('a decision', () => {
  test('has the shape of its topic, whatever the models say', () => {
    for (const opinion of [scored(0.4), { kind: 'unavailable' }, { kind: 'invalid', model: 'luminous-2' }] as const) {
      expect(Decision.safeParse(decideOn({ opinion })).error).toBeUndefined();
    }
  });

  test('says how long each stage took', () => {
    expect(decideOn({}).timings_ms).toEqual({ ingest: 2.25, to_scoring: 1.75, scoring: 0.5 });
  });

  test('says everything that it was made with, and the probability that its score is rounded from', () => {
    expect(decideOn({ opinion: scored(0.0423) })).toMatchObject({
      score: 42,
      probability: 0.0423,
      band: 'elevated',
      versions: {
        model: 'luminous-2@abcdef',
        ruleset: expect.stringMatching(/^base-1@/),
        lists: 'none',
        policy: expect.stringMatching(/^cost@/),
      },
    });
  });

  test('looks at a large amount for a probability that lets a small one pass', () => {
    expect(decideOn({ opinion: scored(0.02), payment: { amount_minor: 1_000 } }).action).toBe('approve');
    expect(decideOn({ opinion: scored(0.02), payment: { amount_minor: 40_000 } }).action).toBe('review');
  });

  test('counts an amount in the digits of its currency', () => {
    expect(decideOn({ opinion: scored(0.02), payment: { amount_minor: 1_000, currency: 'JPY' } }).action).toBe('review');
  });

  test('gives the strongest reason first, with the fact and what is usual', () => {
    const features = vector({
      tx_amount: 249,
      customer_amount_to_usual: 249 / 61.2,
      customer_raised_payments_14day: 2,
      customer_id_nb_tx_1day_window: 4,
      terminal_id_risk_7day_window: 3 / 41,
    });
    const decision = decideOn({ features, opinion: scored(0.684, { amount: 2.9, customer: 2, velocity: 0.7, terminal: 1.6, time: -0.5 }) });
    expect(decision.degraded).toBe(false);
    expect(decision.reasons).toEqual([
      { code: 'amount_above_usual', category: 'amount', effect: 'raises', message: '249.00, usually 61.20', weight: 2.9 },
      {
        code: 'customer_changed',
        category: 'customer',
        effect: 'raises',
        message: '4.1 times the usual 61.20, and 2 more far above it in 14 days',
        weight: 2,
      },
      {
        code: 'terminal_known_frauds',
        category: 'terminal',
        effect: 'raises',
        message: '3 known frauds among 41 payments in 7 days up to a week ago, usually none',
        weight: 1.6,
      },
      { code: 'velocity_above_usual', category: 'velocity', effect: 'raises', message: '4 in 24 h, usually 1.9', weight: 0.7 },
      { code: 'time_ordinary', category: 'time', effect: 'lowers', message: 'Monday 12:00 UTC, by day', weight: -0.5 },
    ]);
    for (const { code } of decision.reasons) expect(Object.keys(REASON_CODES)).toContain(code);
  });

  test('leaves out reasons that weigh next to nothing', () => {
    expect(decideOn({ opinion: scored(0.001, { amount: 0.01, velocity: -0.02, time: 0.09 }) }).reasons).toEqual([]);
  });

  test('names the rule that made it before anything that the model found', () => {
    const { action, reasons } = decideOn({ features: vector({ tx_amount: 5_000.01 }), opinion: scored(0, { amount: 9 }) });
    expect(action).toBe('decline');
    expect(reasons.map(({ code, effect, weight, rule }) => [code, effect, weight, rule])).toEqual([
      ['amount_above_limit', 'blocks', null, 'amount_above_limit@1'],
      ['amount_above_usual', 'raises', 9, undefined],
    ]);
    expect(reasons[0]?.message).toBe('5000.01, the limit is 5000.00');
  });

  test('is an approval for who is on a list of what is allowed, and says which', () => {
    const friends: EntityList = {
      kind: 'account',
      effect: 'allow',
      merchant_id: null,
      entries: [{ value: 'ACC-1', expires_at: null, note: '' }],
    };
    const decision = decideOn({ opinion: scored(0.99, { amount: 4 }), orders: { lists: new ListIndex(new Map([['friends', friends]])) } });
    expect(decision).toMatchObject({ action: 'approve', score: 990, band: 'high' });
    expect(decision.reasons[0]).toMatchObject({ code: 'list_allowed', rule: 'friends', effect: 'lowers' });
    expect(decision.versions.lists).toMatch(/^lists@/);
  });

  test('names the rules that it could not judge', () => {
    const rules = firstOrders().ruleset.rules.map((each) => ({ ...each, condition: () => 'indeterminate' as const }));
    const ruleset = { ...firstOrders().ruleset, rules: rules.slice(0, 1) };
    expect(decideOn({ orders: { ruleset } }).indeterminate_rules).toEqual(['amount_above_limit']);
    expect(decideOn({}).indeterminate_rules).toBeUndefined();
  });

  test('is made by the rules alone where there is no model, and says so', () => {
    const small = decideOn({ opinion: { kind: 'unavailable' } });
    expect(small).toMatchObject({ action: 'approve', score: 0, degraded: true, degraded_causes: ['model_unavailable'] });
    expect(small.versions.model).toBeNull();
    expect(small.probability).toBeUndefined();
    expect(decideOn({ features: vector({ tx_amount: 220.01 }), opinion: { kind: 'unavailable' } }).action).toBe('review');
  });

  test('does not take a score that is no number for a safe one', () => {
    const decision = decideOn({ features: vector({ tx_amount: 300 }), opinion: { kind: 'invalid', model: 'luminous-2@abcdef' } });
    expect(decision).toMatchObject({ action: 'review', degraded: true, degraded_causes: ['model_invalid_score'] });
    expect(decision.versions.model).toBe('luminous-2@abcdef');
  });

  test('says when the fallback had to score', () => {
    const opinion = { ...scored(0.1), byFallback: true } as ModelOpinion;
    expect(decideOn({ opinion })).toMatchObject({ degraded: true, degraded_causes: ['model_fallback'] });
  });

  test('on a first payment says that there is nothing to compare with', () => {
    const first = vector({ customer_usual_amount: 0, tx_amount: 249 });
    const [reason] = decideOn({ features: first, opinion: scored(0.1, { amount: 1 }) }).reasons;
    expect(reason?.message).toBe('249.00, first payment of this payer');
  });
});
