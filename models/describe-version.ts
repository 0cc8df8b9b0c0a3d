import { createHash } from 'node:crypto';
import { z } from 'zod';
import { findFeature } from './features/declare-features.ts';
import { BeliefParameters } from './features/describe-beliefs.ts';

/** A model version that must not score: damaged, made for other features, or not reproducing its own golden scores. */
export class VersionRefused extends Error {
  override readonly name = 'VersionRefused';
}

const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const Day = z.iso.date();
const Share = z.number().min(0).max(1);

/** The days `from` up to `to`, excluding, with what they hold. */
const Window = z.strictObject({ from: Day, to: Day, rows: z.int().min(1), frauds: z.int().min(0) });

/** `manifest.json` of a model version: what is needed to score with its network, and how it came about. */
export const Manifest = z.strictObject({
  format: z.literal(2),
  name: z.string().regex(/^[a-z]+-\d+$/),
  /** What it is for, in words. */
  purpose: z.string(),
  /** The feature set that it was made for, by name and hash. */
  feature_set: z.string(),
  /** The features that it reads, one per column, in the order of its inputs. One feature may have several columns. */
  features: z.array(z.string()).min(1),
  /** Per column bent by its kind, then (x - mean) / deviation, then clipped. See `FeatureTransform`. */
  transform: z.strictObject({
    kind: z.array(z.enum(['log', 'raw', 'odds', 'over'])),
    limit: z.number().positive(),
    mean: z.array(z.number()),
    deviation: z.array(z.number().positive()),
    clip: z.number().positive(),
  }),
  /** What its belief features follow from; null where it reads none: then it fits any feature state. */
  beliefs: BeliefParameters.nullable(),
  /** Platt: probability = logistic(slope x logit + intercept); score = round(1000 x probability). */
  calibration: z.strictObject({ slope: z.number(), intercept: z.number() }),
  /** Scores from which a transaction is held, and declined. */
  thresholds: z.strictObject({ review: z.int().min(0).max(1000), decline: z.int().min(0).max(1001) }),
  /** A usual genuine transaction (medians), per column: what reasons compare with. */
  baseline: z.array(z.number()),
  /** SHA-256 of the files beside this one. */
  digests: z.strictObject({ 'model.json': Sha256, 'weights.bin': Sha256, 'golden.json': Sha256 }),
  data: z.strictObject({
    source: z.string(),
    /** Over every transaction read, the history included. */
    sha256: Sha256,
    rows: z.int().min(1),
    fit: Window,
    /** Its labels were not used. */
    thresholds: Window,
    test: Window,
  }),
  training: z.strictObject({
    seed: z.int(),
    members: z.int().min(1),
    hidden_units: z.array(z.int().min(1)),
    activation: z.enum(['relu', 'swish']),
    skip: z.boolean(),
    dropout: Share,
    weight_decay: z.number().min(0),
    epochs: z.int().min(1),
    batch_rows: z.int().min(1),
    learning_rate: z.number().positive(),
    backend: z.string(),
    tensorflow: z.string(),
  }),
  /** On the test window, by the handbook's protocol: customers known to be defrauded are left out. */
  metrics: z.strictObject({
    auc: Share,
    average_precision: Share,
    card_precision_100: Share,
    brier: Share,
    log_loss: z.number().min(0),
    calibration_error: Share,
    /** Shares of the test window's transactions. */
    held: Share,
    declined: Share,
    /** Share of frauds among them. */
    held_precision: Share,
    declined_precision: Share,
    /** Share of the frauds that are held or declined. */
    recall: Share,
  }),
});
export type Manifest = z.infer<typeof Manifest>;

/** `golden.json`: values of the version's columns with the logits and scores that the version must reproduce. */
export const Golden = z.strictObject({
  features: z.array(z.array(z.number())).min(1),
  logits: z.array(z.number()),
  probabilities: z.array(z.number()),
  scores: z.array(z.int().min(0).max(1000)),
});
export type Golden = z.infer<typeof Golden>;

/** Where the columns of a version stand in the whole feature vector. Throws `VersionRefused` for a feature that is not declared. */
export function columnsOf(features: readonly string[]): Uint32Array {
  return Uint32Array.from(features, (name) => {
    const column = findFeature(name);
    if (column === undefined) throw new VersionRefused(`it reads ${name}, which is no feature`);
    return column;
  });
}

/** Hexadecimal SHA-256. */
export function sha256(bytes: string | Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
