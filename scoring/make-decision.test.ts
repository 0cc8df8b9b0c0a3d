import { describe, expect, test } from '@jest/globals';
import { Decision } from '@trancendos/contracts/decision';
import { FEATURES, type FeatureName } from '@trancendos/models/features/declare-features';
import { makeDecision, type ModelOpinion } from './make-decision.ts';
import { BASE_RULESET } from './rules/base-ruleset.ts';
import { samplePayment } from './sample-messages.ts';

const ORDINARY: Partial<Record<FeatureName, number>> = {
  tx_amount: 61,
  customer_id_nb_tx_1day_window: 1,
  customer_id_avg_amount_1day_window: 61,
  customer_id_nb_tx_7day_window: 14,
  customer_id_avg_amount_7day_window: 61,
  customer_id_nb_tx_30day_window: 59,
  customer_id_avg_amount_30day_window: 61,
  terminal_id_nb_tx_7day_window: 41,
  terminal_id_nb_tx_30day_window: 160,
};

const vector = (changes: Partial<Record<FeatureName, number>> = {}) => FEATURES.map(({ name }) => ({ ...ORDINARY, ...changes })[name] ?? 0);

const scored = (probability: number, weights = { amount: 0, velocity: 0, terminal: 0, customer: 0, time: 0 }): ModelOpinion => ({
  kind: 'scored',
  model: 'luminous-1@abcdef',
  thresholds: { review: 150, decline: 900 },
  probability,
  weights,
});

function decideOn(features: number[], opinion: ModelOpinion): Decision {
  const receivedMs = Date.parse('2026-03-02T12:00:01.000Z');
  const times = { sentAtMs: receivedMs + 2.25, receivedAtMs: receivedMs + 4, decidedAtMs: receivedMs + 4.5 };
  return makeDecision({ transaction: samplePayment('tx-1'), features, opinion, ruleset: BASE_RULESET, times });
}

describe('a decision', () => {
  test('has the shape of its topic, whatever the model says', () => {
    for (const opinion of [scored(0.4), { kind: 'unavailable' }, { kind: 'invalid', model: 'luminous-1' }] as const) {
      expect(Decision.safeParse(decideOn(vector(), opinion)).error).toBeUndefined();
    }
  });

  test('says how long each stage took', () => {
    expect(decideOn(vector(), scored(0)).timings_ms).toEqual({ ingest: 2.25, to_scoring: 1.75, scoring: 0.5 });
  });

  test('gives the strongest reason first, with the fact and what is usual', () => {
    const features = vector({
      tx_amount: 249,
      customer_id_avg_amount_30day_window: (58 * 61.2 + 249) / 59,
      customer_id_nb_tx_1day_window: 4,
      terminal_id_risk_7day_window: 3 / 41,
    });
    const decision = decideOn(features, scored(0.684, { amount: 2.9, velocity: 0.7, terminal: 1.6, customer: 0, time: -0.5 }));
    expect(decision).toMatchObject({ action: 'review', score: 684, degraded: false });
    expect(decision.reasons).toEqual([
      { code: 'amount_above_usual', category: 'amount', effect: 'raises', message: '249.00, usually 61.20', weight: 2.9 },
      {
        code: 'terminal_known_frauds',
        category: 'terminal',
        effect: 'raises',
        message: '3 known frauds among 41 payments in 7 days up to a week ago',
        weight: 1.6,
      },
      { code: 'velocity_above_usual', category: 'velocity', effect: 'raises', message: '4 in 24 h, usually 1.9', weight: 0.7 },
      { code: 'time_ordinary', category: 'time', effect: 'lowers', message: 'Monday 12:00 UTC, by day', weight: -0.5 },
    ]);
  });

  test('leaves out reasons that weigh next to nothing', () => {
    expect(decideOn(vector(), scored(0.001, { amount: 0.01, velocity: -0.02, terminal: 0, customer: 0.03, time: 0.09 })).reasons).toEqual(
      [],
    );
  });

  test('names the rule that made it before anything that the model found', () => {
    const { action, reasons } = decideOn(
      vector({ tx_amount: 5_000.01 }),
      scored(0.2, { amount: 9, velocity: 0, terminal: 0, customer: 0, time: 0 }),
    );
    expect(action).toBe('decline');
    expect(reasons.map(({ code, effect, weight }) => [code, effect, weight])).toEqual([
      ['amount_above_limit', 'blocks', null],
      ['amount_above_usual', 'raises', 9],
    ]);
    expect(reasons[0]?.message).toBe('5000.01, the limit is 5000.00');
  });

  test('is a hold where half of at least three payments at the terminal are known frauds, and not where there are two', () => {
    const share = { terminal_id_risk_7day_window: 0.5 };
    expect(decideOn(vector({ ...share, terminal_id_nb_tx_7day_window: 4 }), scored(0)).action).toBe('review');
    expect(decideOn(vector({ ...share, terminal_id_nb_tx_7day_window: 2 }), scored(0)).action).toBe('approve');
  });

  test('is made by the rules alone where there is no model, and says so', () => {
    const small = decideOn(vector(), { kind: 'unavailable' });
    expect(small).toMatchObject({ action: 'approve', score: 0, degraded: true, degraded_causes: ['model_unavailable'] });
    expect(small.versions.model).toBeNull();
    expect(decideOn(vector({ tx_amount: 220.01 }), { kind: 'unavailable' }).action).toBe('review');
  });

  test('does not take a score that is no number for a safe one', () => {
    const decision = decideOn(vector({ tx_amount: 300 }), { kind: 'invalid', model: 'luminous-1@abcdef' });
    expect(decision).toMatchObject({ action: 'review', degraded: true, degraded_causes: ['model_invalid_score'] });
    expect(decision.versions.model).toBe('luminous-1@abcdef');
  });

  test('on a first payment says that there is nothing to compare with', () => {
    const first = vector({ customer_id_nb_tx_30day_window: 1, tx_amount: 249 });
    expect(decideOn(first, scored(0.1, { amount: 1, velocity: 0, terminal: 0, customer: 0, time: 0 })).reasons[0]?.message).toBe(
      '249.00, first payment in 30 days',
    );
  });
});
