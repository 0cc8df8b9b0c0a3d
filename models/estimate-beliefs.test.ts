import { describe, expect, test } from '@jest/globals';
import { estimateBeliefs } from './estimate-beliefs.ts';
import { BeliefParameters, type SpellBeliefs } from './features/describe-beliefs.ts';
import { labelledPayments, transactionsOf } from './load-transactions.ts';
import { simulateWorld } from './simulator/simulate-world.ts';

function estimate(terminalSpellDays: number, customerSpellDays: number): BeliefParameters {
  const world = simulateWorld({
    seed: 3,
    customers: 500,
    terminals: 1_000,
    radius: 15,
    days: 90,
    compromisedTerminalsPerDay: 1,
    compromisedCustomersPerDay: 2,
    terminalSpellDays,
    customerSpellDays,
    thiefAmountFactor: 6,
  });
  return estimateBeliefs(labelledPayments(transactionsOf(world), world.count));
}

function shareBetween({ length_shares: shares }: SpellBeliefs, from: number, to: number): number {
  return shares.slice(from - 1, to).reduce((sum, share) => sum + share, 0);
}

describe('the belief parameters', () => {
  const short = estimate(14, 10);
  const long = estimate(40, 21);

  test('are ones that a model version may carry', () => {
    expect(BeliefParameters.parse(JSON.parse(JSON.stringify(short)))).toEqual(short);
  });

  test('find how long spells last in the labels of worlds that differ', () => {
    expect(shareBetween(short.terminal_spells, 12, 16)).toBeGreaterThan(0.6);
    expect(shareBetween(long.terminal_spells, 36, 44)).toBeGreaterThan(0.6);
    expect(shareBetween(short.customer_spells, 6, 14)).toBeGreaterThan(0.6);
    expect(shareBetween(long.customer_spells, 15, 27)).toBeGreaterThan(0.6);
  });

  test('find what thieves multiply amounts by, and above which amount everything is fraud', () => {
    expect(short.amounts.theft_factor).toBeGreaterThan(5);
    expect(short.amounts.theft_factor).toBeLessThan(7);
    expect(short.amounts.limit).toBeGreaterThan(200);
    expect(short.amounts.limit).toBeLessThanOrEqual(220);
  });

  test('find that every payment of a compromised terminal is fraud, and only some of a stolen card', () => {
    expect(short.terminal_spells.fraud_share).toBeGreaterThan(0.9);
    expect(short.customer_spells.fraud_share).toBeGreaterThan(0.1);
    expect(short.customer_spells.fraud_share).toBeLessThan(0.5);
  });
});
