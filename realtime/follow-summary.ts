import type { LedgerSummary } from '@trancendos/contracts/http';
import type { Resource } from '@trancendos/platform/run';

const EVERY_MS = 1_000;
/** An older summary is not shown as if it were present. */
const VALID_MS = 10_000;

export interface SummaryFollower extends Resource {
  /** The ledger's last summary; null when there is none, or it is too old to be shown. */
  current(nowMs: number): LedgerSummary | null;
}

/** Asks the ledger for its summary every second. One question is under way at a time. */
export function followSummary(ask: () => Promise<LedgerSummary | undefined>, nowMs: () => number): SummaryFollower {
  let last: { readonly summary: LedgerSummary; readonly atMs: number } | undefined;
  let asking = false;
  const poll = async () => {
    if (asking) return;
    asking = true;
    const summary = await ask();
    if (summary) last = { summary, atMs: nowMs() };
    asking = false;
  };
  void poll();
  const timer = setInterval(() => void poll(), EVERY_MS);
  return {
    current: (now) => (last && now - last.atMs <= VALID_MS ? last.summary : null),
    stop: () => {
      clearInterval(timer);
      return Promise.resolve();
    },
  };
}
