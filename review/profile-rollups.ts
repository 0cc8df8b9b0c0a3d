import type { EntityProfile } from '@trancendos/contracts/archive';
import { countRollups, type RollupSum } from './total-rollups.ts';

const DAYS_MAX = 90;

/** The part of a profile that is counted, from sums by the day. */
export function profileRollups(
  sums: readonly (RollupSum & { readonly begins: Date })[],
): Pick<EntityProfile, 'counted' | 'actions' | 'labels' | 'amounts' | 'days'> {
  const { decisions, approve, review, decline, fraud, genuine } = countRollups(sums);
  const days = [...Map.groupBy(sums, ({ begins }) => begins.toISOString().slice(0, 10))].sort(([a], [b]) => (a < b ? 1 : -1));
  return {
    counted: decisions,
    actions: { approve, review, decline },
    labels: { fraud, genuine, none: decisions - fraud - genuine },
    amounts: [...Map.groupBy(sums, ({ currency }) => currency)]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([currency, of]) => ({
        currency,
        decisions: countRollups(of).decisions,
        amount_minor: addMinor(of, ({ amount_minor }) => amount_minor),
        approved_minor: addMinor(of, ({ action, amount_minor }) => (action === 'approve' ? amount_minor : '0')),
        fraud_minor: addMinor(of, ({ fraud_minor }) => fraud_minor),
      })),
    days: days.slice(0, DAYS_MAX).map(([day, of]) => {
      const counts = countRollups(of);
      return { day, approve: counts.approve, review: counts.review, decline: counts.decline, fraud: counts.fraud };
    }),
  };
}

function addMinor(sums: readonly RollupSum[], pick: (sum: RollupSum) => string): string {
  return String(sums.reduce((minor, sum) => minor + BigInt(pick(sum)), 0n));
}
