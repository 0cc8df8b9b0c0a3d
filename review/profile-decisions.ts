import type { DecisionLine, EntityProfile } from '@trancendos/contracts/archive';
import { profileRollups } from './profile-rollups.ts';
import type { RollupSum } from './total-rollups.ts';

/** A decision, and what its last final label says; null where there is none. */
export interface CountedLine {
  readonly line: DecisionLine;
  readonly measuredFraud: boolean | null;
}

/** The part of a profile that is counted. */
export type CountedProfile = Pick<EntityProfile, 'counted' | 'actions' | 'labels' | 'amounts' | 'days'>;

/** Counts decisions one by one, as the sums of merchants are counted. */
export function profileDecisions(decisions: readonly CountedLine[]): CountedProfile {
  return profileRollups(decisions.map(asSum));
}

function asSum({ line, measuredFraud }: CountedLine): RollupSum & { readonly begins: Date } {
  const { action, currency, amount_minor, committed_at } = line;
  const amount = (counts: boolean) => ({ count: counts ? '1' : '0', minor: counts ? String(amount_minor) : '0' });
  const fraud = amount(measuredFraud === true);
  const genuine = amount(measuredFraud === false);
  return {
    begins: new Date(`${committed_at.slice(0, 10)}T00:00:00.000Z`),
    ...{ action, currency, decisions: '1', amount_minor: String(amount_minor), degraded: '0', fallbacks: '0' },
    ...{ frauds: fraud.count, fraud_minor: fraud.minor, genuine: genuine.count, genuine_minor: genuine.minor },
  };
}
