import type { Decision, Reason } from '@trancendos/contracts/decision';
import type { PaymentTransaction } from '@trancendos/contracts/transaction';
import { scoreOf } from '@trancendos/models/calibrate-scores';
import { FEATURE_SET } from '@trancendos/models/features/declare-features';
import type { FeatureGroup } from '@trancendos/models/features/feature-declaration';
import { toInstant } from '@trancendos/platform/clock';
import { newId } from '@trancendos/platform/new-id';
import { decide, type Thresholds } from './decide.ts';
import type { RuleEffect, Ruleset } from './rules/describe-ruleset.ts';
import { evaluateRules, type Finding } from './rules/evaluate-rules.ts';
import { wordReasons } from './word-reasons.ts';

/** What the model said of a transaction; `unavailable`: there is no model; `invalid`: it gave no number. */
export type ModelOpinion =
  | {
      readonly kind: 'scored';
      readonly model: string;
      readonly thresholds: Thresholds;
      readonly probability: number;
      /** Contributions of the feature groups to the log-odds. */
      readonly weights: Readonly<Record<FeatureGroup, number>>;
    }
  | { readonly kind: 'unavailable' }
  | { readonly kind: 'invalid'; readonly model: string };

export interface DecisionInput {
  readonly transaction: PaymentTransaction;
  /** In the order of `FEATURES`. */
  readonly features: readonly number[];
  readonly opinion: ModelOpinion;
  readonly ruleset: Ruleset;
  readonly times: DecisionTimes;
}

/** Moments in milliseconds since the epoch. */
export interface DecisionTimes {
  /** When the transaction was handed to the broker, and taken up here. */
  readonly sentAtMs: number;
  readonly receivedAtMs: number;
  readonly decidedAtMs: number;
}

const REASONS_MAX = 5;
/** Never reached: without a score the rules alone decide. */
const NO_THRESHOLDS: Thresholds = { review: Infinity, decline: Infinity };

/**
 * The complete decision on one transaction. Without a valid score the rules alone decide, the score reads 0, and the decision says so
 * (`degraded`). Equal inputs give equal decisions but for `decision_id`.
 */
export function makeDecision({ transaction, features, opinion, ruleset, times }: DecisionInput): Decision {
  const scored = opinion.kind === 'scored' ? opinion : undefined;
  const score = scored ? scoreOf(scored.probability) : null;
  const findings = evaluateRules(ruleset, { features, modelScored: scored !== undefined });
  const { action, decisive } = decide(findings, score, scored?.thresholds ?? NO_THRESHOLDS);
  const facts = { features, timeMs: Date.parse(transaction.occurred_at), atTerminal: transaction.terminal_id !== undefined };
  const ruled = [...decisive, ...findings.filter((finding) => !decisive.includes(finding))].map(toReason);
  const modelled = scored ? wordReasons(scored.weights, facts) : [];
  return {
    decision_id: newId('dec'),
    actor: 'luminous',
    action,
    score: score ?? 0,
    reasons: [...ruled, ...modelled].slice(0, REASONS_MAX),
    versions: { model: opinion.kind === 'unavailable' ? null : opinion.model, ruleset: ruleset.version, features: FEATURE_SET },
    features: features.map((value) => (Number.isFinite(value) ? value : 0)),
    degraded: scored === undefined,
    degraded_causes: causesOf(opinion),
    decided_at: toInstant(times.decidedAtMs),
    timings_ms: {
      ingest: duration(Date.parse(transaction.received_at), times.sentAtMs),
      to_scoring: duration(times.sentAtMs, times.receivedAtMs),
      scoring: duration(times.receivedAtMs, times.decidedAtMs),
    },
    transaction,
  };
}

function causesOf(opinion: ModelOpinion): Decision['degraded_causes'] {
  if (opinion.kind === 'scored') return [];
  return [opinion.kind === 'unavailable' ? 'model_unavailable' : 'model_invalid_score'];
}

const EFFECT_OF_RULE: Record<RuleEffect, Reason['effect']> = { fatal_block: 'blocks', allow: 'lowers', block: 'blocks', review: 'holds' };

function toReason({ rule, message }: Finding): Reason {
  return { code: rule.id, category: rule.category, effect: EFFECT_OF_RULE[rule.effect], message, weight: null };
}

/** Clocks of different machines may disagree: never below 0. Microseconds. */
function duration(fromMs: number, toMs: number): number {
  return Math.max(0, Math.round((toMs - fromMs) * 1000) / 1000);
}
