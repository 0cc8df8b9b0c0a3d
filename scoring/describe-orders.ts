import type { Control } from '@trancendos/contracts/control';
import type { ActiveModel } from '@trancendos/contracts/scoring-http';
import { scoreOf } from '@trancendos/models/calibrate-scores';
import { FEATURE_SET } from '@trancendos/models/features/declare-features';
import type { ControlDesk, ControlState } from './control-desk.ts';
import type { LoadedModel } from './load-model.ts';
import type { StandingOrders } from './standing-orders.ts';
import { cutoffsFor, type Cutoffs } from './weigh-costs.ts';

/** An amount as most payments have it: what thresholds that depend on the amount are drawn for where only one can be. */
const TYPICAL_AMOUNT = 50;

/** The model that scores, its thresholds and metrics; nulls where rules alone decide. */
export function describeModel(orders: StandingOrders): ActiveModel {
  const scoring = orders.champion ?? orders.fallback;
  return {
    ...describeVersion(scoring),
    fallback: orders.fallback?.label ?? null,
    challengers: orders.challengers.map(({ label }) => label),
    /** Scores from which a payment of a typical amount is held, and declined. */
    thresholds: scoring ? thresholdsAt(cutoffsFor(orders.policy, TYPICAL_AMOUNT, 'EUR')) : null,
    typical_amount: TYPICAL_AMOUNT,
    policy: { version: orders.policyVersion, ...orders.policy },
    feature_set: FEATURE_SET,
    ruleset: orders.ruleset.version,
    lists: orders.lists.version,
  };
}

function describeVersion(
  scoring: LoadedModel | null,
): Pick<ActiveModel, 'model' | 'hash' | 'metrics'> & { readonly data: unknown; readonly training: unknown } {
  if (!scoring) return { model: null, hash: null, data: null, training: null, metrics: null };
  const { name, data, training, metrics } = scoring.version.manifest;
  return { model: name, hash: scoring.version.hash, data, training, metrics };
}

/** The lowest score that reaches each cutoff; 1001 for one that none reaches. */
function thresholdsAt({ review, decline }: Cutoffs): { review: number; decline: number } {
  const scoreAt = (cutoff: number) => (cutoff > 1 ? 1_001 : scoreOf(cutoff));
  return { review: scoreAt(review), decline: scoreAt(decline) };
}

/** The newest message of every key, without its content, and why it does not hold where it does not. */
export function describeControl(desk: ControlDesk): object {
  const entries = [...desk.states].map(([key, { message, refusal }]: [string, ControlState]) => ({
    key,
    published_at: message.published_at,
    published_by: message.published_by,
    state: refusal ? 'refused' : 'holds',
    refusal,
    ...versionsIn(message),
  }));
  return { control: entries.sort((a, b) => (a.key < b.key ? -1 : 1)) };
}

function versionsIn(message: Control): object {
  if (message.kind === 'model') return { version: message.version };
  if (message.kind === 'challengers') return { versions: message.versions };
  if (message.kind === 'ruleset') return { ruleset: message.ruleset.name, rules: message.ruleset.rules.length };
  if (message.kind === 'list') return { entries: message.list?.entries.length ?? 0 };
  return { mode: message.policy.mode };
}
