import type { BeliefParameters } from '@trancendos/models/features/describe-beliefs';
import { FeatureKernel } from '@trancendos/models/features/feature-kernel';
import { nowMs } from '@trancendos/platform/clock';
import type { EventLog } from '@trancendos/platform/event-log';
import type { Logger } from '@trancendos/platform/log';
import { FeatureState, FOLDED_TOPICS, type FoldedTopic, type Offsets } from './feature-state.ts';
import { FoldedLog } from './folded-log.ts';
import type { LogRange } from './replay-lanes.ts';
import { replayLog } from './replay-log.ts';
import type { SnapshotFinder } from './snapshot-store.ts';

export interface RebuildOptions {
  readonly eventLog: Pick<EventLog, 'openConsumer' | 'service' | 'committedOffsets' | 'bounds'>;
  /** Its committed offsets say how far decisions have been made. */
  readonly group: string;
  /** What the state is folded with. */
  readonly beliefs: BeliefParameters | null;
  readonly findSnapshot: SnapshotFinder;
  readonly log: Logger;
}

/** How far a topic has been decided, and how far it reaches. */
interface Reach {
  readonly committed: Offsets;
  readonly bounds: ReadonlyMap<number, { readonly low: bigint; readonly high: bigint }>;
}

/**
 * Makes the feature state of the moment where deciding stopped: the newest snapshot that does not lie beyond it, then everything of all
 * partitions up to the group's committed offsets folded in the order of sending, and nothing decided.
 */
export async function rebuildFeatures(options: RebuildOptions): Promise<FoldedLog> {
  const { eventLog, group, beliefs, log } = options;
  const startedMs = nowMs();
  const reaches = new Map<FoldedTopic, Reach>();
  for (const topic of FOLDED_TOPICS) {
    const [committed, bounds] = await Promise.all([eventLog.committedOffsets(group, topic), eventLog.bounds(topic)]);
    reaches.set(topic, { committed, bounds });
  }
  const snapshot = await options.findSnapshot(beliefs, (offsets) => whyNot(offsets, reaches));
  const folded = new FoldedLog(snapshot ?? new FeatureState(new FeatureKernel(beliefs)));
  let messages = 0;
  const ranges = FOLDED_TOPICS.flatMap((topic) => rangesToReplay(topic, reaches.get(topic), folded));
  await replayLog<FoldedTopic>({
    eventLog,
    ranges,
    handle: (received) => {
      folded.take(received);
      messages++;
    },
  });
  for (const { topic, partition, to } of ranges) folded.skipTo(topic, partition, to);
  folded.forgetVectors();
  const { customers, terminals } = folded.state.kernel;
  const counts = { messages, customers: customers.customers.size, terminals: terminals.terminals.size };
  log.info({ ...counts, fromSnapshot: snapshot !== undefined, tookMs: Math.round(nowMs() - startedMs) }, 'feature state rebuilt');
  return folded;
}

/**
 * A snapshot that is ahead of the log belongs to a log that is no more. One that is ahead of what has been decided has folded payments whose
 * features are still to be read.
 */
function whyNot(offsets: FeatureState['offsets'], reaches: ReadonlyMap<FoldedTopic, Reach>): string | undefined {
  for (const topic of FOLDED_TOPICS) {
    const reach = reaches.get(topic);
    for (const [partition, next] of offsets[topic]) {
      if (next > (reach?.bounds.get(partition)?.high ?? 0n)) return 'it is ahead of the log';
      if (topic === 'transactions' && next > (reach?.committed.get(partition) ?? 0n)) return 'it is ahead of what has been decided';
    }
  }
  return undefined;
}

/** Labels are read to the end of their topic: their turn comes with the transactions, and must not be missed by those to be decided next. */
function rangesToReplay(topic: FoldedTopic, reach: Reach | undefined, folded: FoldedLog): LogRange<FoldedTopic>[] {
  return [...(reach?.bounds ?? [])].map(([partition, { low, high }]) => {
    const from = folded.positionOf(topic, partition);
    const next = topic === 'labels' ? high : (reach?.committed.get(partition) ?? 0n);
    return { topic, partition, from: from > low ? from : low, to: next < high ? next : high };
  });
}
