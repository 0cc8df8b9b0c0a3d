import type { Insights, LatencyStage } from '@trancendos/contracts/archive';

type Latency = Insights['latency'][number];

/** Percentiles of one stage of a decision's way, beside those of the time before. */
export interface StageLatency {
  readonly stage: LatencyStage;
  readonly label: string;
  readonly now: Latency;
  readonly before: Latency | undefined;
}

export function compareLatency(
  { latency }: Insights,
  before: Insights | undefined,
  labelOf: (stage: LatencyStage) => string,
): StageLatency[] {
  return latency.map((now) => ({
    stage: now.stage,
    label: labelOf(now.stage),
    now,
    before: before?.latency.find(({ stage }) => stage === now.stage),
  }));
}
