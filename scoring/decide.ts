import type { Action } from '@trancendos/contracts/decision';
import { RULE_EFFECTS, type RuleEffect } from '@trancendos/contracts/ruleset';
import type { Finding } from './rules/evaluate-rules.ts';
import type { Cutoffs } from './weigh-costs.ts';

/** What the score alone asks for. */
export type Band = 'low' | 'elevated' | 'high';

export interface Verdict {
  readonly action: Action;
  /** The findings that made it, the heaviest first; none where the model's band did. */
  readonly decisive: readonly Finding[];
}

const ACTION_OF_EFFECT: Record<RuleEffect, Action> = { fatal_block: 'decline', allow: 'approve', block: 'decline', review: 'review' };
const ACTION_OF_BAND: Record<Band, Action> = { low: 'approve', elevated: 'review', high: 'decline' };

/**
 * Turns findings and the model's band into one action. The strongest effect among the findings decides; scores are never averaged with rules.
 *
 * Precedence: fatal block > allow > block > review > model band > approve. Where a finding that holds is weaker than what the model's band
 * asks for, the band is not made milder: a review by rule and a decline by the model is a decline. Only `allow` makes milder, by policy.
 * `band` is null where no model has scored: then the rules alone decide.
 */
export function decide(findings: readonly Finding[], band: Band | null): Verdict {
  const modelled = band === null ? 'approve' : ACTION_OF_BAND[band];
  for (const effect of RULE_EFFECTS) {
    const decisive = findings.filter((finding) => finding.effect === effect).sort((a, b) => b.weight - a.weight);
    if (decisive.length === 0) continue;
    if (effect === 'review' && modelled === 'decline') return { action: 'decline', decisive: [] };
    return { action: ACTION_OF_EFFECT[effect], decisive };
  }
  return { action: modelled, decisive: [] };
}

/** The band of a probability. */
export function bandOf(probability: number, { review, decline }: Cutoffs): Band {
  if (probability >= decline) return 'high';
  return probability >= review ? 'elevated' : 'low';
}
