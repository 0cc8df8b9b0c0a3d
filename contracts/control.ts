import { z } from 'zod';
import { Instant } from './instant.ts';
import { Currency } from './money.ts';
import { RULE_EFFECTS, Ruleset } from './ruleset.ts';
import { Text } from './text.ts';

const VersionName = z.string().regex(/^[a-z]+-\d+$/, 'a name such as luminous-2');
const ListName = z.string().regex(/^[a-z][a-z0-9_-]{0,31}$/, 'a name such as stolen-cards');

/** What a list speaks of. `terminal` and `merchant` are names as the merchant API knows them. */
export const LIST_KINDS = ['account', 'card_token', 'terminal', 'merchant'] as const;

/** One entry of a list. It ends by itself when it has a time to. */
export const ListEntry = z.strictObject({
  value: Text.min(1).max(64),
  expires_at: Instant.nullable(),
  /** Why it is there, in words. */
  note: Text.max(120).default(''),
});
export type ListEntry = z.infer<typeof ListEntry>;

/** A typed list of who or what is allowed, blocked or looked at. */
export const EntityList = z.strictObject({
  kind: z.enum(LIST_KINDS),
  effect: z.enum(RULE_EFFECTS),
  /** Only for the payments of this merchant; null for everybody's. Needed for terminals, whose names are their merchant's. */
  merchant_id: z.string().min(1).max(64).nullable(),
  entries: z.array(ListEntry).max(2_000),
});
export type EntityList = z.infer<typeof EntityList>;

const Share = z.number().min(0).max(1);
const Units = z.number().min(0).max(1_000_000);

/** What decisions cost, in units of the currency: estimates of a business, from which thresholds follow for every amount. */
export const Costs = z.strictObject({
  /** An analyst's look at one payment. */
  review: Units,
  /** What it costs to keep a genuine payer waiting. */
  review_friction: Units,
  /** What it costs to turn a genuine payer away, besides the margin. */
  decline_friction: Units,
  /** Share of the amount that is earned on a genuine payment. */
  margin: Share,
  /** What a fraud costs beyond its amount, as a share of it: fees, handling, penalties. */
  fraud_extra: z.number().min(0).max(10),
  /** Share of the frauds under review that the review finds. */
  review_finds: Share,
});
export type Costs = z.infer<typeof Costs>;

/** How a probability becomes an action. `cost`: what costs least for the amount. `fixed`: the same scores for every amount. */
export const ThresholdPolicy = z.discriminatedUnion('mode', [
  z.strictObject({ mode: z.literal('cost'), costs: Costs, currencies: z.partialRecord(Currency, Costs).default({}) }),
  z
    .strictObject({ mode: z.literal('fixed'), review: z.int().min(0).max(1001), decline: z.int().min(0).max(1001) })
    .refine(({ review, decline }) => review <= decline, { message: 'decline lies below review', path: ['decline'] }),
]);
export type ThresholdPolicy = z.infer<typeof ThresholdPolicy>;

const published = {
  /** When it was published, and who or what did it. */
  published_at: Instant,
  published_by: z.string().min(1).max(64),
};

/**
 * Topic `control.v1`: what every scoring worker decides with. The newest message of a key holds; the key is `kind/name`.
 * A worker that cannot take a message (a version that does not load, rules that do not check) keeps what it has and says so.
 */
export const Control = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('model'), name: z.enum(['champion', 'fallback']), version: VersionName, ...published }),
  /** Versions that score beside the champion and decide nothing. */
  z.strictObject({ kind: z.literal('challengers'), name: z.literal('all'), versions: z.array(VersionName).max(4), ...published }),
  z.strictObject({ kind: z.literal('ruleset'), name: z.literal('active'), ruleset: Ruleset, ...published }),
  /** A list that is null is taken away. */
  z.strictObject({ kind: z.literal('list'), name: ListName, list: EntityList.nullable(), ...published }),
  z.strictObject({ kind: z.literal('thresholds'), name: z.literal('active'), policy: ThresholdPolicy, ...published }),
]);
export type Control = z.infer<typeof Control>;

/** The key that a control message travels under: the newest one of a key holds. */
export function controlKey({ kind, name }: Pick<Control, 'kind' | 'name'>): string {
  return `${kind}/${name}`;
}
