import { controlKey, type Control } from '@trancendos/contracts/control';
import { consume } from '@trancendos/platform/consume';
import type { EventLog } from '@trancendos/platform/event-log';
import { newId } from '@trancendos/platform/new-id';
import type { Publisher } from '@trancendos/platform/publish';
import type { Resource, Scope } from '@trancendos/platform/run';
import type { ControlDesk } from './control-desk.ts';
import { replayLog } from './replay-log.ts';

const BATCH_MAX = 50;

/** What is in force at the start: the newest message of every key, and where the log of control ended. */
export interface ControlAtStart {
  readonly messages: ReadonlyMap<string, Control>;
  readonly next: ReadonlyMap<number, bigint>;
}

/** Reads all of the control log. */
export async function readControl(eventLog: Pick<EventLog, 'openConsumer' | 'bounds' | 'service'>): Promise<ControlAtStart> {
  const bounds = await eventLog.bounds('control');
  const messages = new Map<string, Control>();
  await replayLog<'control'>({
    eventLog,
    ranges: [...bounds].map(([partition, { low, high }]) => ({ topic: 'control', partition, from: low, to: high })),
    handle: ({ value }) => void messages.set(controlKey(value), value),
  });
  return { messages, next: new Map([...bounds].map(([partition, { high }]) => [partition, high])) };
}

export interface ControlFollowing {
  readonly eventLog: EventLog;
  readonly publisher: Publisher;
  readonly scope: Pick<Scope, 'log' | 'fail'>;
  readonly desk: ControlDesk;
  readonly from: ControlAtStart['next'];
}

/** Applies what is published from then on, in a group that this worker is alone in: every worker takes in everything. */
export function followControl({ eventLog, publisher, scope, desk, from }: ControlFollowing): Promise<Resource> {
  const next = new Map(from);
  return consume({
    eventLog,
    publisher,
    scope,
    group: newId(`${eventLog.service}-control`),
    topics: ['control'],
    batchMax: BATCH_MAX,
    startAt: () => Promise.resolve(next),
    handle: async (batch) => {
      for (const { value, partition, offset } of batch) {
        await desk.apply(value);
        next.set(partition, offset + 1n);
      }
      return batch.map(() => ({ kind: 'ok' }));
    },
  });
}
