import { z } from 'zod';
import { Instant } from './instant.ts';
import { REASON_CODE_NAMES } from './reason-codes.ts';
import { Text } from './text.ts';

/** What a rule or list does when it holds, from strongest to weakest. */
export const RULE_EFFECTS = ['fatal_block', 'allow', 'block', 'review'] as const;
export type RuleEffect = (typeof RULE_EFFECTS)[number];

const FieldValue = z.union([z.number(), z.string().max(64), z.boolean()]);

/**
 * A case that a rule is tried on whenever it is loaded: with these values it has to come out like that. Features that are not given have
 * their declared defaults, fields of the transaction those of an ordinary payment; null takes a field away.
 */
export const RuleExample = z.strictObject({
  given: z.record(z.string().max(64), FieldValue.nullable()),
  then: z.enum(['holds', 'silent', 'indeterminate']),
});
export type RuleExample = z.infer<typeof RuleExample>;

/** A rule as data. */
export const Rule = z.strictObject({
  /** Stable machine name. */
  id: z.string().regex(/^[a-z][a-z0-9_]{1,63}$/, 'a name such as amount_above_limit'),
  /** Counts up with every change of the rule. */
  version: z.int().min(1),
  effect: z.enum(RULE_EFFECTS),
  /** Rank among the rules of one effect: the reason of the heaviest comes first. */
  weight: z.int().min(0).max(1000).default(0),
  /** When it holds: a condition in the Common Expression Language over declared features and fields of the transaction. */
  when: z.string().min(1).max(1_000),
  reason: z.enum(REASON_CODE_NAMES),
  /** What people read; `{field}` stands for the transaction's value. */
  message: Text.min(1).max(120),
  /** From then on it is silent: rules for an incident end by themselves. */
  expires_at: Instant.optional(),
  examples: z.array(RuleExample).min(1, 'a rule needs at least one example').max(20),
});
export type Rule = z.infer<typeof Rule>;

/** Rules that act together. Their version is the name with a hash over the rules. */
export const Ruleset = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9-]{0,31}$/, 'a name such as base-1'),
  rules: z
    .array(Rule)
    .max(200)
    .refine((rules) => new Set(rules.map(({ id }) => id)).size === rules.length, 'two rules have one id'),
});
export type Ruleset = z.infer<typeof Ruleset>;
