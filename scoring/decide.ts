import type { Action } from '@trancendos/contracts/decision';
import { RULE_EFFECTS, type RuleEffect } from './rules/describe-ruleset.ts';
import type { Finding } from './rules/evaluate-rules.ts';

export interface Thresholds {
  /** Scores from which a transaction is held, and declined. */
  readonly review: number;
  readonly decline: number;
}

export interface Verdict {
  readonly action: Action;
  /** The findings that made it; none where the model's band did. */
  readonly decisive: readonly Finding[];
}

const ACTION_OF_EFFECT: Record<RuleEffect, Action> = { fatal_block: 'decline', allow: 'approve', block: 'decline', review: 'review' };

/**
 * Turns findings and the model's band into one action. The strongest effect among the findings decides; scores are never averaged with rules.
 *
 * Precedence: fatal block > allow > block > review > model band > approve. Where a finding that holds is weaker than what the model's band
 * asks for, the band is not made milder: a review by rule and a decline by the model is a decline. Only `allow` makes milder, by policy.
 * `score` is null where no model has scored: then the rules alone decide.
 */
export function decide(findings: readonly Finding[], score: number | null, thresholds: Thresholds): Verdict {
  const band = bandOf(score, thresholds);
  for (const effect of RULE_EFFECTS) {
    const decisive = findings.filter(({ rule }) => rule.effect === effect);
    if (decisive.length === 0) continue;
    if (effect === 'review' && band === 'decline') return { action: 'decline', decisive: [] };
    return { action: ACTION_OF_EFFECT[effect], decisive };
  }
  return { action: band, decisive: [] };
}

/** What the score alone asks for. */
function bandOf(score: number | null, { review, decline }: Thresholds): Action {
  if (score === null || score < review) return 'approve';
  return score >= decline ? 'decline' : 'review';
}
