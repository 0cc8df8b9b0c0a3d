import { ANNOUNCEMENTS_CHANNEL, readAnnouncement, type Announced } from '@trancendos/contracts/announcement';
import { nowMs } from '@trancendos/platform/clock';
import type { Logger } from '@trancendos/platform/log';
import type { Redis } from 'ioredis';
import type { WaitingParts } from './handle-outcomes.ts';
import type { HeardOutcomes } from './heard-outcomes.ts';
import { waitingName, type WaitingRoom } from './waiting-room.ts';

/** Where announcements come from, and who waits for them. */
export interface HearingParts {
  /** A connection that does nothing but listen. */
  readonly listener: Redis;
  readonly room: Pick<WaitingRoom, 'isExpected' | 'announce'>;
  readonly heard: Pick<HeardOutcomes, 'hear'>;
  readonly onAnswered: WaitingParts['onAnswered'];
  readonly log: Pick<Logger, 'warn'>;
}

/** While nothing has been heard for this long, it may be that nothing can be heard. */
const SILENCE_MS = 1_000;

/**
 * Answers waiting requests with what the ledger announces as soon as it has committed it. Every instance hears every outcome and reads those
 * that it waits for. What is not heard, because Redis is away, is answered by the event log.
 * Gives whether something was heard of late.
 */
export function hearOutcomes({ listener, log, ...parts }: HearingParts): () => boolean {
  let heardMs = -Infinity;
  const warn = (error: unknown) => log.warn({ err: error }, 'outcomes are not heard over Redis; they are answered through the broker');
  const listen = () => void listener.subscribe(ANNOUNCEMENTS_CHANNEL).catch(warn);
  listener.on('message', (channel: string, message: string) => {
    if (channel !== ANNOUNCEMENTS_CHANNEL) return;
    heardMs = nowMs();
    for (const announced of readAnnouncement(message)) answer(parts, announced);
  });
  listener.on('ready', listen);
  if (listener.status === 'ready') listen();
  return () => nowMs() - heardMs < SILENCE_MS;
}

function answer({ room, heard, onAnswered }: Omit<HearingParts, 'listener' | 'log'>, { merchantId, transactionId, text }: Announced): void {
  const name = waitingName(merchantId, transactionId);
  if (!room.isExpected(name)) return;
  const told = heard.hear(text);
  if (told !== undefined && room.announce(name, told.answer)) onAnswered(told.outcome);
}
