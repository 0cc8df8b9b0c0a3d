import { nowMs } from '@trancendos/platform/clock';
import type { EventLog } from '@trancendos/platform/event-log';
import type { Logger } from '@trancendos/platform/log';
import { FeatureState, type FoldedTopic } from './feature-state.ts';
import { foldMessage } from './fold-message.ts';
import { replayLog, type LogRange } from './replay-log.ts';

export interface RebuildOptions {
  readonly eventLog: EventLog;
  /** Its committed offsets say how far decisions have been made. */
  readonly group: string;
  /** The state to start from, if any. */
  readonly snapshot: FeatureState | undefined;
  readonly log: Logger;
}

/**
 * Makes the feature state of the moment where deciding stopped: the snapshot, then everything up to the group's committed offsets folded and
 * nothing decided. Transactions come before labels, so that labels find theirs.
 */
export async function rebuildFeatures(options: RebuildOptions): Promise<FeatureState> {
  const { eventLog, group, log } = options;
  const startedMs = nowMs();
  const state = (await checkSnapshot(options)) ?? new FeatureState();
  let messages = 0;
  for (const topic of ['transactions', 'labels'] as const) {
    const ranges = await rangesToReplay(eventLog, group, topic, state);
    await replayLog<FoldedTopic>({
      eventLog,
      topic,
      ranges,
      handle: (received) => {
        foldMessage(state.kernel, received);
        messages++;
      },
    });
    for (const { partition, to } of ranges) state.advance(topic, partition, to);
  }
  const { customers, terminals } = state.kernel;
  const counts = { messages, customers: customers.customers.size, terminals: terminals.terminals.size };
  log.info({ ...counts, fromSnapshot: options.snapshot !== undefined, tookMs: Math.round(nowMs() - startedMs) }, 'feature state rebuilt');
  return state;
}

/** A snapshot that is ahead of the log belongs to a log that is no more. */
async function checkSnapshot({ eventLog, snapshot, log }: RebuildOptions): Promise<FeatureState | undefined> {
  if (!snapshot) return undefined;
  for (const topic of ['transactions', 'labels'] as const) {
    const bounds = await eventLog.bounds(topic);
    for (const [partition, next] of snapshot.offsets[topic]) {
      if (next <= (bounds.get(partition)?.high ?? 0n)) continue;
      log.warn({ topic, partition, snapshot: String(next) }, 'snapshot passed over: it is ahead of the log');
      return undefined;
    }
  }
  return snapshot;
}

async function rangesToReplay(eventLog: EventLog, group: string, topic: FoldedTopic, state: FeatureState): Promise<LogRange[]> {
  const [committed, bounds] = await Promise.all([eventLog.committedOffsets(group, topic), eventLog.bounds(topic)]);
  return [...committed].map(([partition, next]) => {
    const { low, high } = bounds.get(partition) ?? { low: 0n, high: 0n };
    const from = state.offsets[topic].get(partition) ?? 0n;
    return { partition, from: from > low ? from : low, to: next < high ? next : high };
  });
}
