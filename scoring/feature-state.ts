import type { TopicKey } from '@trancendos/contracts/topics';
import { FEATURE_SET } from '@trancendos/models/features/declare-features';
import { FeatureKernel } from '@trancendos/models/features/feature-kernel';

/** Topics that features are folded from. */
export const FOLDED_TOPICS = ['transactions', 'labels'] as const satisfies readonly TopicKey[];
export type FoldedTopic = (typeof FOLDED_TOPICS)[number];

/** Next offset to fold, per partition. */
export type Offsets = Map<number, bigint>;

/** Feature state with the place in the log that it has been folded up to. */
export class FeatureState {
  readonly kernel: FeatureKernel;
  readonly offsets: Record<FoldedTopic, Offsets>;

  constructor(kernel = new FeatureKernel(), offsets: Record<FoldedTopic, Offsets> = { transactions: new Map(), labels: new Map() }) {
    this.kernel = kernel;
    this.offsets = offsets;
  }

  /** The features with the belief parameters that they follow from, e.g. `luminous-50@1a2b3c+4d5e6f`: what decisions state. */
  get featuresVersion(): string {
    return featuresVersion(this.kernel.beliefsHash);
  }

  /** Notes that everything of a partition before `next` has been folded. Never goes back. */
  advance(topic: FoldedTopic, partition: number, next: bigint): void {
    const offsets = this.offsets[topic];
    if ((offsets.get(partition) ?? -1n) < next) offsets.set(partition, next);
  }
}

/** `{"transactions":{"0":"1200"},"labels":{"0":"17"}}` */
export function renderOffsets(offsets: FeatureState['offsets']): Record<string, Record<string, string>> {
  return Object.fromEntries(
    FOLDED_TOPICS.map((topic) => [topic, Object.fromEntries([...offsets[topic]].map(([partition, next]) => [partition, String(next)]))]),
  );
}

/** Of the feature set, with the hash of the belief parameters. */
export function featuresVersion(beliefsHash: string): string {
  return beliefsHash === 'none' ? FEATURE_SET : `${FEATURE_SET}+${beliefsHash.slice(0, 6)}`;
}
