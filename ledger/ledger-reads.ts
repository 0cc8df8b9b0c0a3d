import type { Balance } from '@trancendos/contracts/balance';
import type { LedgerSummary } from '@trancendos/contracts/http';
import type pg from 'pg';
import { checkInvariants, type InvariantReport } from './check-invariants.ts';
import { keepAnswer } from './keep-answer.ts';
import { readAccount } from './read-account.ts';
import { readSummary } from './read-summary.ts';
import { readTransfers, type AccountTransfer } from './read-transfers.ts';

/** What can be asked of the ledger. Everything is read as committed, over connections of its own, so the writer waits for none of it. */
export interface LedgerReads {
  account(accountId: string): Promise<Balance | undefined>;
  /** Newest first. */
  transfers(accountId: string, limit: number): Promise<AccountTransfer[]>;
  /** At most a second old, or older where the ledger is so large that summing it takes long. */
  summary(): Promise<LedgerSummary>;
  /** At most some seconds old; one run at a time. */
  invariants(): Promise<InvariantReport>;
}

const SUMMARY_KEPT_MS = 1_000;
const INVARIANTS_KEPT_MS = 5_000;

export function openReads(pool: Pick<pg.Pool, 'query'>): LedgerReads {
  return {
    account: (accountId) => readAccount(pool, accountId),
    transfers: (accountId, limit) => readTransfers(pool, accountId, limit),
    summary: keepAnswer(() => readSummary(pool), SUMMARY_KEPT_MS),
    invariants: keepAnswer(() => checkInvariants(pool), INVARIANTS_KEPT_MS),
  };
}
