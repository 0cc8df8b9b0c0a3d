import { nowMs, pause } from '@trancendos/platform/clock';

/** A payment that has waited this long has had its answer from the merchant's policy, by any usual deadline. */
const MISSED_AFTER_MS = 1_000;
const REST_MOST_MS = 100;

/**
 * Called when a batch is done that was begun at `startedAtMs` and whose oldest message was sent at `sentAtMs`. After one that nobody waits
 * for any more it rests as long as the batch took: whoever catches up shares processors, broker and ledger with the answers that are due now.
 */
export async function giveWay(sentAtMs: number, startedAtMs: number, signal: AbortSignal): Promise<void> {
  if (startedAtMs - sentAtMs <= MISSED_AFTER_MS) return;
  await pause(Math.min(nowMs() - startedAtMs, REST_MOST_MS), signal);
}
