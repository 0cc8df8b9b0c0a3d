import type { Timings } from '@trancendos/contracts/decision';

/** Milliseconds from a request's arrival to its commit: the sum of the stages that are known. */
export function totalOf({ ingest = 0, to_scoring = 0, scoring = 0, to_ledger = 0, ledger = 0 }: Timings): number {
  return ingest + to_scoring + scoring + to_ledger + ledger;
}
