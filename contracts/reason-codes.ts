import type { Reason } from './decision.ts';

/** Of the list below: grows with every addition, and a code that has been given out never changes its meaning. */
export const REASON_CODES_VERSION = 1;

/**
 * Every reason that a decision of Luminous can give, with what it says in general. Codes are closed: a rule names one of them, and what a
 * merchant or a console has learned to read stays readable. The ledger's refusals have codes of their own.
 */
export const REASON_CODES = {
  amount_above_usual: { category: 'amount', text: 'More than the payer usually pays' },
  amount_unusual: { category: 'amount', text: 'An amount that is unusual for the payer' },
  amount_ordinary: { category: 'amount', text: 'An amount as the payer usually pays' },
  amount_above_limit: { category: 'amount', text: 'More than the limit' },
  amount_without_score: { category: 'amount', text: 'A larger amount while no model scores' },
  customer_changed: { category: 'customer', text: 'The payment is unlike those of this payer' },
  customer_ordinary: { category: 'customer', text: 'The payment is like those of this payer' },
  velocity_above_usual: { category: 'velocity', text: 'More payments than the payer usually makes' },
  velocity_unusual: { category: 'velocity', text: 'An unusual number of payments' },
  velocity_ordinary: { category: 'velocity', text: 'As many payments as usual' },
  too_many_payments: { category: 'velocity', text: 'Too many payments in a short time' },
  terminal_known_frauds: { category: 'terminal', text: 'Known frauds at the terminal' },
  terminal_unusual: { category: 'terminal', text: 'An unusual history of the terminal' },
  terminal_ordinary: { category: 'terminal', text: 'An ordinary history of the terminal' },
  terminal_mostly_fraud: { category: 'terminal', text: 'Many of the payments at the terminal are known frauds' },
  time_unusual: { category: 'time', text: 'An unusual time' },
  time_ordinary: { category: 'time', text: 'A usual time' },
  list_blocked: { category: 'rule', text: 'On a list of what is blocked' },
  list_allowed: { category: 'rule', text: 'On a list of what is allowed' },
  list_watched: { category: 'rule', text: 'On a list of what is looked at' },
  business_rule: { category: 'rule', text: 'A rule of the business' },
  incident_rule: { category: 'rule', text: 'A rule made for an incident' },
} as const satisfies Record<string, { readonly category: Reason['category']; readonly text: string }>;

export type ReasonCode = keyof typeof REASON_CODES;
export const REASON_CODE_NAMES = Object.keys(REASON_CODES) as [ReasonCode, ...ReasonCode[]];
