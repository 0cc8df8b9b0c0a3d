import { nowMs, pause } from '@trancendos/platform/clock';
import type { Publisher } from '@trancendos/platform/publish';
import { makeOutcome } from './make-outcome.ts';

const TURN_MS = 10;

/** How many outcomes are published, how fast, and under which numbers. */
export interface Publication {
  readonly mark: string;
  /** Number of the first. */
  readonly first: number;
  readonly perSecond: number;
  readonly seconds: number;
}

/** Publishes outcomes as the ledger would, open loop: each turn publishes what is due by then. Gives how many the broker has confirmed. */
export async function publishOutcomes(publisher: Publisher, { mark, first, perSecond, seconds }: Publication): Promise<number> {
  const startedMs = nowMs();
  const total = Math.round(perSecond * seconds);
  const confirmations: Promise<void>[] = [];
  while (confirmations.length < total) {
    const due = Math.min(total, Math.floor(((nowMs() - startedMs) * perSecond) / 1_000));
    while (confirmations.length < due) {
      const outcome = makeOutcome(mark, first + confirmations.length, nowMs());
      confirmations.push(
        publisher.publish('outcomes', outcome.transaction.payer.account_id ?? '', outcome, outcome.transaction.request_id),
      );
    }
    await pause(TURN_MS);
  }
  await Promise.all(confirmations);
  return total;
}
