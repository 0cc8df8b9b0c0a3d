/** Samples in the notation of `promtool test rules`. */
export type TrialSeries = string;

/** A stretch of time, in steps of the trial. */
export interface Stretch {
  readonly steps: number;
}

/** A gauge that has one value after another. */
export function gauge(...stretches: readonly (Stretch & { readonly value: number })[]): TrialSeries {
  return stretches.map(({ steps, value }) => `${value}x${steps - 1}`).join(' ');
}

/** A counter that grows by so much in every step. */
export function counter(...stretches: readonly (Stretch & { readonly perStep: number })[]): TrialSeries {
  let total = 0;
  return stretches
    .map(({ steps, perStep }) => {
      const first = total;
      total += perStep * steps;
      return `${first}+${perStep}x${steps - 1}`;
    })
    .join(' ');
}

/** No sample at all, as of a process that is away. */
export function missing(steps: number): TrialSeries {
  return `_x${steps}`;
}
