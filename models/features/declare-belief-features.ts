import type { FeatureDeclaration, FeatureGroup } from './feature-declaration.ts';
import { HISTORY_DAYS } from './feature-windows.ts';

type Facts = Pick<FeatureDeclaration, 'formula' | 'description'> & Partial<Pick<FeatureDeclaration, 'windowDays' | 'default'>>;

function belief<N extends string>(name: N, group: FeatureGroup, unit: FeatureDeclaration['unit'], facts: Facts): FeatureDeclaration<N> {
  const entity = group === 'terminal' ? 'terminal' : 'customer';
  return { name, entity, unit, windowDays: null, default: 0, ...facts, group, believed: true };
}

/**
 * What the payer's amounts say: the posterior of their mean amount, and how much likelier this amount is for a thief, who pays a multiple
 * of it. Taken when the payment arrives, from the payments that had arrived by then.
 */
export const AMOUNT_BELIEF_FEATURES = [
  belief('customer_expected_amount', 'customer', 'major', {
    formula: "posterior mean of the payer's mean amount",
    description: 'What the payer is expected to pay, drawn to what all payers do while little is known.',
  }),
  belief('customer_amount_to_expected', 'customer', 'ratio', {
    formula: 'tx_amount / customer_expected_amount',
    default: 1,
    description: 'This amount by the expected one.',
  }),
  belief('customer_expected_amount_spread', 'customer', 'ratio', {
    formula: "posterior standard deviation of the payer's mean amount / customer_expected_amount",
    description: 'How uncertain the expectation is.',
  }),
  belief('customer_theft_likelihood', 'customer', 'log_odds', {
    formula: 'ln of the density of the amount for a thief by that for the payer, between -6 and 14',
    description: 'How much better the amount fits a thief than the payer.',
  }),
] as const;

/** The beliefs about the payer's card: a hidden spell of theft, filtered from labels and from amounts that are not labelled yet. */
export const CUSTOMER_BELIEF_FEATURES = [
  belief('customer_theft_log_odds', 'customer', 'log_odds', {
    formula: 'log-odds that this payment is by a thief: customer_spell_log_odds, share of payments by the thief in a spell, amount',
    default: -12,
    description: 'How likely this very payment is by a thief.',
  }),
  belief('customer_spell_log_odds', 'customer', 'log_odds', {
    formula: 'log-odds that the card is stolen, from known labels and the amounts of later payments before this one',
    default: -12,
    description: 'How likely the card is stolen at present.',
  }),
  belief('customer_known_spell_log_odds', 'customer', 'log_odds', {
    formula: 'log-odds that the card was stolen at the last payment whose label is known, from labels alone',
    default: -12,
    description: 'How likely the card was stolen as far as labels reach.',
  }),
  belief('customer_spell_days_left', 'customer', 'days', {
    formula: 'expected days until the spell ends, given that the card is stolen, today included',
    description: 'For how much longer a stolen card would be used.',
  }),
  belief('customer_unlabelled_evidence', 'customer', 'log_odds', {
    formula: 'sum of ln(1 - s + s x likelihood) over payments before this one without a known label; s: share of payments by the thief',
    description: 'What amounts without a label say together.',
  }),
  belief('customer_unlabelled_peak', 'customer', 'log_odds', {
    formula: 'largest customer_theft_likelihood of the payments before this one without a known label',
    default: -6,
    description: 'The most suspicious payment without a label.',
  }),
  belief('customer_unlabelled_payments', 'velocity', 'count', {
    formula: 'count of payments before this one without a known label',
    description: 'How many payments wait for their label.',
  }),
] as const;

/** The belief about the terminal: a hidden spell of compromise, filtered from labels. */
export const TERMINAL_BELIEF_FEATURES = [
  belief('terminal_compromise_log_odds', 'terminal', 'log_odds', {
    formula: 'log-odds that the terminal is compromised on the day of t, from the labels known at t',
    default: -12,
    description: 'How likely the terminal is compromised at present.',
  }),
  belief('terminal_known_compromise_log_odds', 'terminal', 'log_odds', {
    formula: 'log-odds that it was compromised at its last payment whose label is known',
    default: -12,
    description: 'How likely the terminal was compromised as far as labels reach.',
  }),
  belief('terminal_spell_days_left', 'terminal', 'days', {
    formula: 'expected days until the spell ends, given that the terminal is compromised, today included',
    windowDays: HISTORY_DAYS,
    description: 'For how much longer a compromised terminal would stay so.',
  }),
] as const;
