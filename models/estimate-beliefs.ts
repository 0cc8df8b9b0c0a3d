import { estimateAmounts } from './estimate-amounts.ts';
import { estimateSpells, type SpellEvidence } from './estimate-spells.ts';
import { AmountModel, type AmountEvidence } from './features/amount-model.ts';
import type { BeliefParameters } from './features/describe-beliefs.ts';
import type { LabelledPayments } from './labelled-payments.ts';

/** Frauds that nothing explains happen so often, as in the features. */
const UNEXPLAINED = 1e-6;
/** From such a weight on a fraud makes its entity suspicious. */
const SUSPICIOUS = 1;

/**
 * Estimates what the belief features take for known, from payments whose labels are known: amounts first, then the spells of terminals, for which
 * large amounts are explained by thieves, then those of cards, for which usual amounts are explained by terminals.
 */
export function estimateBeliefs(payments: LabelledPayments): BeliefParameters {
  const amounts = estimateAmounts(payments);
  const likelihood = weighFrauds(payments, amounts);
  const days = (payments.day[payments.count - 1] ?? 0) + 1;
  const isOver = (row: number) => (payments.amount[row] ?? 0) > amounts.limit;
  const terminals = new Evidence(payments, payments.terminal, (row) =>
    isOver(row) ? undefined : 1 / (amounts.theft_share * (likelihood[row] ?? 1) + UNEXPLAINED),
  );
  const terminalSpells = estimateSpells(terminals.suspicious, terminals.count, days);
  const usualProbability =
    terminalSpells.spells.hazard * terminalSpells.spells.length_shares.reduce((sum, share, index) => sum + share * (index + 1), 0);
  const compromised = (row: number) => {
    const index = terminals.indexOf(payments.terminal[row] ?? 0);
    return index === undefined ? usualProbability : (terminalSpells.probability[index]?.[payments.day[row] ?? 0] ?? usualProbability);
  };
  const customers = new Evidence(payments, payments.customer, (row) =>
    isOver(row) ? likelihood[row] : (likelihood[row] ?? 1) / (compromised(row) + UNEXPLAINED),
  );
  const customerSpells = estimateSpells(customers.suspicious, customers.count, days);
  return { amounts, terminal_spells: terminalSpells.spells, customer_spells: customerSpells.spells };
}

/** For every fraud, how many times likelier its amount is for a thief than for its payer; 0 for genuine payments. */
function weighFrauds(payments: LabelledPayments, amounts: BeliefParameters['amounts']): Float64Array {
  const model = new AmountModel(amounts);
  const evidence: AmountEvidence = { expected: 0, deviation: 0, likelihood: 1 };
  const rowsOf = groupFraudulent(payments, payments.customer);
  const likelihood = new Float64Array(payments.count);
  for (const rows of rowsOf.values()) {
    const shares = model.newShares();
    for (const row of rows) {
      if (payments.fraud[row] === 1) continue;
      model.weigh(shares, payments.amount[row] ?? 0, evidence);
      model.learn(shares);
    }
    for (const row of rows) {
      if (payments.fraud[row] === 0) continue;
      model.weigh(shares, payments.amount[row] ?? 0, evidence);
      likelihood[row] = evidence.likelihood;
    }
  }
  return likelihood;
}

/** The rows of every entity that has a fraud. */
function groupFraudulent({ count, fraud }: LabelledPayments, entity: Uint32Array): Map<number, number[]> {
  const rowsOf = new Map<number, number[]>();
  for (let row = 0; row < count; row++) if (fraud[row] === 1) rowsOf.set(entity[row] ?? 0, []);
  for (let row = 0; row < count; row++) rowsOf.get(entity[row] ?? 0)?.push(row);
  return rowsOf;
}

/** The payments of the entities with a suspicious fraud, as evidence; `weightOf` a fraud is undefined where it says nothing. */
class Evidence {
  readonly suspicious: SpellEvidence[][] = [];
  /** How many entities there are, the others included. */
  readonly count: number;
  readonly #indexOf = new Map<number, number>();

  constructor(payments: LabelledPayments, entity: Uint32Array, weightOf: (row: number) => number | undefined) {
    this.count = new Set(entity.subarray(0, payments.count)).size;
    for (const [one, rows] of groupFraudulent(payments, entity)) {
      const events = rows.flatMap((row) => {
        const weight = payments.fraud[row] === 0 ? 0 : weightOf(row);
        return weight === undefined ? [] : [{ day: payments.day[row] ?? 0, weight }];
      });
      if (!events.some(({ weight }) => weight > SUSPICIOUS)) continue;
      this.#indexOf.set(one, this.suspicious.length);
      this.suspicious.push(events);
    }
  }

  indexOf(entity: number): number | undefined {
    return this.#indexOf.get(entity);
  }
}
