import type { DecisionLine } from '@trancendos/contracts/archive';
import type { Action } from '@trancendos/contracts/decision';

type Currency = DecisionLine['currency'];

/** Points over time, oldest first, apart by what was decided; each point is in one of the three. */
export interface DecisionPlot {
  readonly timesMs: readonly number[];
  readonly values: Readonly<Record<Action, readonly (number | null)[]>>;
}

/** Scores of `decisions` (newest first) over time; those that no model scored are left out. */
export function plotScores(decisions: readonly DecisionLine[]): DecisionPlot {
  return plot(decisions, ({ score }) => score);
}

/** Amounts in minor units of one currency. */
export function plotAmounts(decisions: readonly DecisionLine[], currency: Currency): DecisionPlot {
  return plot(decisions, (line) => (line.currency === currency ? line.amount_minor : null));
}

/** The currency of most decisions; undefined where there is none. */
export function mainCurrency(decisions: readonly DecisionLine[]): Currency | undefined {
  const counts = [...Map.groupBy(decisions, ({ currency }) => currency)].map(([currency, { length }]) => ({ currency, length }));
  return counts.sort((one, other) => other.length - one.length)[0]?.currency;
}

/** What one of `count` payments is on average, in digits of minor units, rounded down; undefined of none. */
export function averageMinor(sumMinor: string, count: number): string | undefined {
  return count === 0 ? undefined : (BigInt(sumMinor) / BigInt(count)).toString();
}

function plot(decisions: readonly DecisionLine[], valueOf: (line: DecisionLine) => number | null): DecisionPlot {
  const shown = decisions.filter((line) => valueOf(line) !== null).reverse();
  const ofAction = (action: Action) => shown.map((line) => (line.action === action ? valueOf(line) : null));
  return {
    timesMs: shown.map(({ committed_at }) => Date.parse(committed_at)),
    values: { approve: ofAction('approve'), review: ofAction('review'), decline: ofAction('decline') },
  };
}
