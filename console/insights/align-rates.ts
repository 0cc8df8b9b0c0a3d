import { INSIGHT_STEPS_MS } from '@trancendos/contracts/insight-steps';
import type { InsightPoint, Insights } from '@trancendos/contracts/archive';

/** What a rate is a share of: the counts that it is made of. */
export type Counts = Pick<InsightPoint, 'decisions' | 'approve' | 'review' | 'decline' | 'fraud' | 'false_positives' | 'frauds_stopped'>;
export type RateName = 'approval' | 'review' | 'decline' | 'fraud' | 'falsePositives';

/** Percent; null where there is nothing to divide by. */
export const RATES: Readonly<Record<RateName, (counts: Counts) => number | null>> = {
  approval: ({ approve, decisions }) => percent(approve, decisions),
  review: ({ review, decisions }) => percent(review, decisions),
  decline: ({ decline, decisions }) => percent(decline, decisions),
  fraud: ({ fraud, decisions }) => percent(fraud, decisions),
  falsePositives: (counts) => percent(counts.false_positives, counts.false_positives + counts.frauds_stopped),
};

/** One step of the time that is looked at, beside the step at the same place in the time before. */
export interface RatePoint {
  readonly atMs: number;
  readonly value: number | null;
  readonly before: number | null;
}

/** A rate at every step of a time, with the one at the same step of the time before. Steps without decisions have none, and are there. */
export function alignRates(current: Insights, before: Insights | undefined, name: RateName): RatePoint[] {
  const stepMs = INSIGHT_STEPS_MS[current.step];
  const values = ratesByPlace(current, stepMs, name);
  const earlier = before?.step === current.step ? ratesByPlace(before, stepMs, name) : undefined;
  const first = placeOf(current.from, stepMs);
  const places = Math.ceil(Date.parse(current.to) / stepMs) - first;
  return Array.from({ length: Math.max(0, places) }, (_, place) => ({
    atMs: Math.max((first + place) * stepMs, Date.parse(current.from)),
    value: values.get(place) ?? null,
    before: earlier?.get(place) ?? null,
  }));
}

function ratesByPlace({ from, series }: Insights, stepMs: number, name: RateName): ReadonlyMap<number, number | null> {
  const first = placeOf(from, stepMs);
  return new Map(series.map((point) => [placeOf(point.at, stepMs) - first, RATES[name](point)]));
}

function placeOf(instant: string, stepMs: number): number {
  return Math.floor(Date.parse(instant) / stepMs);
}

function percent(part: number, whole: number): number | null {
  return whole === 0 ? null : (100 * part) / whole;
}
