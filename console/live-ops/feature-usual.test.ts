import { describe, expect, test } from '@jest/globals';
import { usualOf } from './feature-usual.ts';

const VECTOR: Readonly<Record<string, number>> = {
  tx_amount: 249,
  customer_usual_amount: 61.2,
  customer_id_nb_tx_1day_window: 5,
  customer_id_nb_tx_7day_window: 11,
  customer_id_nb_tx_30day_window: 34,
  terminal_id_risk_7day_window: 0.2,
  terminal_id_risk_30day_window: 0.05,
};
const read = (name: string) => VECTOR[name];

describe('what is usual beside a feature value', () => {
  test('is the usual amount of the payer beside an amount, and nothing before the first payment', () => {
    expect(usualOf('tx_amount', read)).toBe(61.2);
    expect(usualOf('customer_id_avg_amount_7day_window', read)).toBe(61.2);
    expect(usualOf('tx_amount', () => 0)).toBeUndefined();
  });

  test('is what the rest of the month would give a window, so that a burst is not compared with itself', () => {
    expect(usualOf('customer_id_nb_tx_1day_window', read)).toBe(1);
    expect(usualOf('customer_id_nb_tx_7day_window', read)).toBe(7);
    expect(usualOf('customer_id_nb_tx_30day_window', read)).toBeUndefined();
  });

  test('is the share of the month beside the share of a shorter window', () => {
    expect(usualOf('terminal_id_risk_7day_window', read)).toBe(0.05);
  });

  test('is left out where the set does not have what it is computed from', () => {
    expect(usualOf('customer_id_nb_tx_1day_window', (name) => (name.includes('30day') ? undefined : 3))).toBeUndefined();
    expect(usualOf('terminal_spell_days_left', read)).toBeUndefined();
  });

  test('is one beside a ratio to what is usual', () => {
    expect(usualOf('customer_amount_to_usual', read)).toBe(1);
  });
});
