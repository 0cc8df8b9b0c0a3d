import { createHash } from 'node:crypto';
import type { EntityList, ThresholdPolicy } from '@trancendos/contracts/control';
import { ListIndex } from './lists/match-lists.ts';
import type { LoadedModel } from './load-model.ts';
import type { Ladder } from './opine-rows.ts';
import { loadBaseRuleset } from './rules/base-ruleset.ts';
import type { CompiledRuleset } from './rules/compile-ruleset.ts';
import { DEFAULT_POLICY } from './weigh-costs.ts';

/**
 * Everything that decisions are made with at one moment. Never changed, only replaced as a whole: a batch takes one at its beginning, so no
 * decision mixes two.
 */
export interface StandingOrders extends Ladder {
  /** Score beside the champion and decide nothing. */
  readonly challengers: readonly LoadedModel[];
  readonly ruleset: CompiledRuleset;
  readonly lists: ListIndex;
  readonly listsByName: ReadonlyMap<string, EntityList>;
  readonly policy: ThresholdPolicy;
  readonly policyVersion: string;
}

/** What holds until something else is published: no model yet, the base rules, no lists, thresholds by default costs. */
export function firstOrders(): StandingOrders {
  return {
    champion: null,
    fallback: null,
    challengers: [],
    ruleset: loadBaseRuleset(),
    lists: new ListIndex(new Map()),
    listsByName: new Map(),
    policy: DEFAULT_POLICY,
    policyVersion: versionOfPolicy(DEFAULT_POLICY),
  };
}

/** `cost@1a2b3c`. */
export function versionOfPolicy(policy: ThresholdPolicy): string {
  return `${policy.mode}@${createHash('sha256').update(JSON.stringify(policy)).digest('hex').slice(0, 6)}`;
}
