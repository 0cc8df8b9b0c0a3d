import type { Decision } from '@trancendos/contracts/decision';
import type { PaymentTransaction } from '@trancendos/contracts/transaction';
import type { BeliefParameters } from '@trancendos/models/features/describe-beliefs';
import { FeatureKernel } from '@trancendos/models/features/feature-kernel';
import type { EventLog } from '@trancendos/platform/event-log';
import { FeatureState, FOLDED_TOPICS, type FoldedTopic, type Offsets } from './feature-state.ts';
import { FoldedLog } from './folded-log.ts';
import type { LogRange } from './replay-lanes.ts';
import { replayLog } from './replay-log.ts';
import type { SnapshotFinder } from './snapshot-store.ts';

export interface ParityOptions {
  readonly eventLog: Pick<EventLog, 'openConsumer' | 'service' | 'committedOffsets' | 'bounds'>;
  /** Whose decisions are checked. */
  readonly group: string;
  /** What their state is folded with. */
  readonly beliefs: BeliefParameters | null;
  readonly findSnapshot: SnapshotFinder;
}

/** What a replay gave again. */
export interface ParityReport {
  /** Decisions that were compared, and those whose features are the same to the last bit. */
  readonly compared: number;
  readonly equal: number;
  /** A payment whose features differ, with the names of the decision and the first column. */
  readonly mismatch: { readonly transaction: string; readonly column: number; readonly decided: number; readonly replayed: number } | null;
}

/** A snapshot has to lie at least so many messages back, or there is nothing to compare. */
const MESSAGES_LEAST = 500n;
const PAYMENTS_MAX = 20_000;
const DECISIONS_READ_MAX = 100_000n;

/**
 * Folds the log again from a snapshot on, in a state of its own, reads the features of every payment when its turn comes, and compares them
 * with those that were decided on. They are the same by construction; that they are is what this proves on the running service.
 */
export async function checkParity(options: ParityOptions): Promise<ParityReport> {
  const { eventLog, beliefs, findSnapshot } = options;
  const reach = await findReach(options);
  const snapshot = await findSnapshot(beliefs, (offsets) => whyNot(offsets, reach));
  const folded = new FoldedLog(snapshot ?? new FeatureState(new FeatureKernel(beliefs)));
  const replayed = new Map<string, Float64Array>();
  await replayLog<FoldedTopic>({
    eventLog,
    ranges: FOLDED_TOPICS.flatMap((topic) => rangesOf(topic, reach, folded)),
    handle: (received) => {
      if (replayed.size >= PAYMENTS_MAX) return;
      const taken = folded.take(received);
      if (taken.kind === 'payment') replayed.set(keyOf(taken.payment.transaction), taken.payment.features);
    },
  });
  return compare(eventLog, replayed, folded.state.featuresVersion);
}

/** How far each topic is to be read, and what of it is kept. */
type Reach = ReadonlyMap<FoldedTopic, { readonly ends: Offsets; readonly low: ReadonlyMap<number, bigint> }>;

async function findReach({ eventLog, group }: ParityOptions): Promise<Reach> {
  const entries = FOLDED_TOPICS.map(async (topic) => {
    const [committed, bounds] = await Promise.all([eventLog.committedOffsets(group, topic), eventLog.bounds(topic)]);
    const low = new Map([...bounds].map(([partition, bound]) => [partition, bound.low]));
    const ends = topic === 'labels' ? new Map([...bounds].map(([partition, { high }]) => [partition, high])) : committed;
    return [topic, { ends, low }] as const;
  });
  return new Map(await Promise.all(entries));
}

function whyNot(offsets: FeatureState['offsets'], reach: Reach): string | undefined {
  let behind = 0n;
  for (const [partition, committed] of reach.get('transactions')?.ends ?? []) {
    const next = offsets.transactions.get(partition) ?? 0n;
    if (next > committed) return 'it is ahead of what has been decided';
    behind += committed - next;
  }
  return behind < MESSAGES_LEAST ? 'it is too young to compare with' : undefined;
}

function rangesOf(topic: FoldedTopic, reach: Reach, folded: FoldedLog): LogRange<FoldedTopic>[] {
  const { ends, low } = reach.get(topic) ?? { ends: new Map<number, bigint>(), low: new Map<number, bigint>() };
  return [...ends].map(([partition, to]) => {
    const position = folded.positionOf(topic, partition);
    const kept = low.get(partition) ?? 0n;
    return { topic, partition, from: position > kept ? position : kept, to };
  });
}

async function compare(
  eventLog: ParityOptions['eventLog'],
  replayed: ReadonlyMap<string, Float64Array>,
  version: string,
): Promise<ParityReport> {
  const bounds = await eventLog.bounds('decisions');
  let compared = 0;
  let equal = 0;
  let mismatch: ParityReport['mismatch'] = null;
  await replayLog<'decisions'>({
    eventLog,
    ranges: [...bounds].map(([partition, { low, high }]) => {
      const from = high - DECISIONS_READ_MAX;
      return { topic: 'decisions', partition, from: from > low ? from : low, to: high };
    }),
    handle: ({ value }) => {
      const features = replayed.get(keyOf(value.transaction));
      if (!features || value.actor !== 'luminous' || value.versions.features !== version) return;
      compared++;
      const column = firstDifference(value, features);
      if (column < 0) equal++;
      else {
        const difference = { column, decided: value.features[column] ?? NaN, replayed: features[column] ?? NaN };
        mismatch ??= { transaction: keyOf(value.transaction), ...difference };
      }
    },
  });
  return { compared, equal, mismatch };
}

function firstDifference({ features: decided }: Decision, replayed: Float64Array): number {
  return replayed.findIndex((value, column) => (Number.isFinite(value) ? value : 0) !== decided[column]);
}

function keyOf({ merchant_id, transaction_id }: Pick<PaymentTransaction, 'merchant_id' | 'transaction_id'>): string {
  return `${merchant_id}/${transaction_id}`;
}
