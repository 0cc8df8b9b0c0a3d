import { describeRuleset } from './describe-ruleset.ts';

/**
 * What no model may overrule, and what holds while there is no model. Amounts are compared as they stand, whatever their currency.
 */
export const BASE_RULESET = describeRuleset('base-1', [
  {
    id: 'amount_above_limit',
    effect: 'block',
    category: 'rule',
    when: [{ field: 'tx_amount', is: 'above', value: 5_000 }],
    message: '{tx_amount}, the limit is 5000.00',
  },
  {
    id: 'too_many_payments',
    effect: 'review',
    category: 'rule',
    when: [{ field: 'customer_id_nb_tx_1day_window', is: 'above', value: 20 }],
    message: '{customer_id_nb_tx_1day_window} payments in 24 h, more than 20',
  },
  {
    id: 'terminal_mostly_fraud',
    effect: 'review',
    category: 'rule',
    when: [
      { field: 'terminal_id_risk_7day_window', is: 'at_least', value: 0.5 },
      { field: 'terminal_id_nb_tx_7day_window', is: 'at_least', value: 3 },
    ],
    message: '{terminal_id_risk_7day_window} of {terminal_id_nb_tx_7day_window} payments at the terminal in 7 days are known frauds',
  },
  {
    id: 'amount_without_score',
    effect: 'review',
    category: 'rule',
    when: [
      { field: 'model_scored', is: 'equal_to', value: 0 },
      { field: 'tx_amount', is: 'above', value: 220 },
    ],
    message: '{tx_amount} with no score, more than 220.00',
  },
]);
