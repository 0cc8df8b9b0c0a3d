import type { Decision, Reason } from '@trancendos/contracts/decision';
import { CURRENCY_EXPONENT } from '@trancendos/contracts/currency-exponent';
import type { RuleEffect } from '@trancendos/contracts/ruleset';
import type { PaymentTransaction } from '@trancendos/contracts/transaction';
import { scoreOf } from '@trancendos/models/calibrate-scores';
import type { FoldOutcome } from '@trancendos/models/features/labelled-events';
import { toInstant } from '@trancendos/platform/clock';
import { newId } from '@trancendos/platform/new-id';
import { bandOf, decide } from './decide.ts';
import type { ModelOpinion } from './opine-rows.ts';
import { evaluateRules, type Finding } from './rules/evaluate-rules.ts';
import { factsOf, RuleFacts } from './rules/rule-facts.ts';
import type { StandingOrders } from './standing-orders.ts';
import { cutoffsFor, type Cutoffs } from './weigh-costs.ts';
import { wordReasons } from './word-reasons.ts';

export interface DecisionInput {
  readonly transaction: PaymentTransaction;
  /** In the order of `FEATURES`. */
  readonly features: Float64Array;
  /** What they were computed with. */
  readonly featuresVersion: string;
  /** What folding it did: `too_old`, and its features are without history. */
  readonly outcome: FoldOutcome;
  readonly opinion: ModelOpinion;
  readonly orders: StandingOrders;
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
const INDETERMINATE_MAX = 20;

/**
 * The complete decision on one transaction. Without a valid score the lists and rules alone decide, the score reads 0, and the decision says
 * so (`degraded`). Equal inputs give equal decisions but for `decision_id`.
 */
export function makeDecision(input: DecisionInput): Decision {
  const { transaction, features, outcome, opinion, orders, times } = input;
  const scored = opinion.kind === 'scored' ? opinion : undefined;
  const score = scored ? scoreOf(scored.probability) : null;
  const facts = new RuleFacts(factsOf(transaction), features, score);
  const ruled = evaluateRules(orders.ruleset, facts, Date.parse(transaction.received_at));
  const findings = [...orders.lists.match(transaction), ...ruled.findings];
  const cutoffs = cutoffsFor(orders.policy, amountOf(transaction), transaction.currency);
  const band = scored ? bandOf(scored.probability, cutoffs) : null;
  const { action, decisive } = decide(findings, band);
  const reasons = [...decisive, ...findings.filter((finding) => !decisive.includes(finding))].map(toReason);
  const modelled = scored ? wordReasons(scored.weights, { features, transaction }) : [];
  const causes = causesOf(opinion, outcome);
  return {
    decision_id: newId('dec'),
    actor: 'luminous',
    action,
    score: score ?? 0,
    ...(scored && band && { probability: scored.probability, band, cutoffs: renderCutoffs(cutoffs) }),
    ...(ruled.indeterminate.length > 0 && { indeterminate_rules: ruled.indeterminate.slice(0, INDETERMINATE_MAX) }),
    reasons: [...reasons, ...modelled].slice(0, REASONS_MAX),
    versions: versionsOf(input),
    features: Array.from(features, (value) => (Number.isFinite(value) ? value : 0)),
    degraded: causes.length > 0,
    degraded_causes: causes,
    decided_at: toInstant(times.decidedAtMs),
    timings_ms: {
      ingest: duration(Date.parse(transaction.received_at), times.sentAtMs),
      to_scoring: duration(times.sentAtMs, times.receivedAtMs),
      scoring: duration(times.receivedAtMs, times.decidedAtMs),
    },
    transaction,
  };
}

/** In units of the currency. */
export function amountOf({ amount_minor, currency }: Pick<PaymentTransaction, 'amount_minor' | 'currency'>): number {
  return amount_minor / 10 ** CURRENCY_EXPONENT[currency];
}

function versionsOf({ opinion, orders, featuresVersion }: DecisionInput): Decision['versions'] {
  const { ruleset, lists, policyVersion } = orders;
  const model = opinion.kind === 'unavailable' ? null : opinion.model;
  return { model, ruleset: ruleset.version, features: featuresVersion, lists: lists.version, policy: policyVersion };
}

/** Four significant digits are more than any estimate of costs has. */
function renderCutoffs({ review, decline }: Cutoffs): NonNullable<Decision['cutoffs']> {
  const render = (cutoff: number) => (cutoff > 1 ? null : Number(cutoff.toPrecision(4)));
  return { review: render(review), decline: render(decline) };
}

function causesOf(opinion: ModelOpinion, outcome: FoldOutcome): Decision['degraded_causes'] {
  const causes: Decision['degraded_causes'] = [];
  if (opinion.kind === 'unavailable') causes.push('model_unavailable');
  if (opinion.kind === 'invalid') causes.push('model_invalid_score');
  if (opinion.kind === 'scored' && opinion.byFallback) causes.push('model_fallback');
  if (outcome === 'too_old') causes.push('history_too_old');
  return causes;
}

const EFFECT_OF_RULE: Record<RuleEffect, Reason['effect']> = { fatal_block: 'blocks', allow: 'lowers', block: 'blocks', review: 'holds' };

function toReason({ code, category, effect, message, source }: Finding): Reason {
  return { code, category, effect: EFFECT_OF_RULE[effect], message, weight: null, rule: source };
}

/** Clocks of different machines may disagree: never below 0. Microseconds. */
function duration(fromMs: number, toMs: number): number {
  return Math.max(0, Math.round((toMs - fromMs) * 1000) / 1000);
}
