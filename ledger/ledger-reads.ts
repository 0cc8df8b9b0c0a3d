import type { Balance } from '@trancendos/contracts/balance';
import type {
  BalanceAt,
  InvariantReport,
  LedgerAccount,
  LedgerBatch,
  LedgerHold,
  LedgerTransfer,
  MoneyTrail,
  StatementLine,
  TransferProof,
  TrialBalance,
} from '@trancendos/contracts/ledger';
import type { LedgerSummary } from '@trancendos/contracts/http';
import type pg from 'pg';
import type { BalanceCache } from './balance-cache.ts';
import { checkInvariants } from './check-invariants.ts';
import { keepAnswer } from './keep-answer.ts';
import { listAccounts, readAccount, readBalances, type AccountQuery } from './read-account.ts';
import { readBalanceAt, type BalanceMoment } from './read-balance-at.ts';
import { readBatch } from './read-batch.ts';
import { readHold, readOpenHolds, type HoldQuery } from './read-holds.ts';
import { readProof } from './read-proof.ts';
import { readStatement, streamStatement, type StatementQuery } from './read-statement.ts';
import { readSummary } from './read-summary.ts';
import { readTrail } from './read-trail.ts';
import { readTransfer } from './read-transfer.ts';
import { readTrialBalance } from './read-trial-balance.ts';
import { searchTransfers, type FoundTransfers, type TransferSearch } from './search-transfers.ts';

/** What can be asked of the ledger. Everything is read as committed, over connections of its own, so the writer waits for none of it. */
export interface LedgerReads {
  account(accountId: string): Promise<LedgerAccount | undefined>;
  accounts(query: AccountQuery): Promise<LedgerAccount[]>;
  /** The newest counters of those accounts that there are, from the cache where it has them. */
  balances(accountIds: readonly string[]): Promise<Balance[]>;
  balanceAt(accountId: string, moment: BalanceMoment): Promise<BalanceAt | undefined>;
  statement(query: StatementQuery): Promise<StatementLine[]>;
  /** All of it, page by page. */
  wholeStatement(query: Omit<StatementQuery, 'afterSeq'>): AsyncGenerator<StatementLine[]>;
  transfer(transferId: string): Promise<LedgerTransfer | undefined>;
  transfers(search: TransferSearch): Promise<FoundTransfers>;
  proof(transferId: string): Promise<TransferProof | undefined>;
  /** The newest where no number is given. */
  batch(batchSeq?: number): Promise<LedgerBatch | undefined>;
  hold(holdId: string): Promise<LedgerHold | undefined>;
  openHolds(query: HoldQuery): Promise<LedgerHold[]>;
  trail(merchantId: string, transactionId: string): Promise<MoneyTrail | undefined>;
  trialBalance(recordedAt?: string): Promise<TrialBalance>;
  /** At most a second old, or older where the ledger is so large that summing it takes long. */
  summary(): Promise<LedgerSummary>;
  /** At most some seconds old; one run at a time. */
  invariants(): Promise<InvariantReport>;
}

export interface ReadParts {
  /** For answers that take milliseconds. */
  readonly pool: Pick<pg.Pool, 'query'>;
  /** For what reads much: exports, sums over everything. So that the others never wait for a connection. */
  readonly reportPool: Pick<pg.Pool, 'query'>;
  readonly cache: Pick<BalanceCache, 'read'> | undefined;
}

const SUMMARY_KEPT_MS = 1_000;
const INVARIANTS_KEPT_MS = 5_000;

export function openReads({ pool, reportPool, cache }: ReadParts): LedgerReads {
  const load = (accountIds: readonly string[]) => readBalances(pool, accountIds);
  return {
    account: (accountId) => readAccount(pool, accountId),
    accounts: (query) => listAccounts(pool, query),
    balances: (accountIds) => (cache ? cache.read(accountIds, load) : load(accountIds)),
    balanceAt: (accountId, moment) => readBalanceAt(pool, accountId, moment),
    statement: (query) => readStatement(pool, query),
    wholeStatement: (query) => streamStatement(reportPool, query),
    transfer: (transferId) => readTransfer(pool, transferId),
    transfers: (search) => searchTransfers(pool, search),
    proof: (transferId) => readProof(pool, transferId),
    batch: (batchSeq) => readBatch(pool, batchSeq),
    hold: (holdId) => readHold(pool, holdId),
    openHolds: (query) => readOpenHolds(pool, query),
    trail: (merchantId, transactionId) => readTrail(pool, merchantId, transactionId),
    trialBalance: (recordedAt) => readTrialBalance(reportPool, recordedAt),
    summary: keepAnswer(() => readSummary(pool), SUMMARY_KEPT_MS),
    invariants: keepAnswer(() => checkInvariants(reportPool), INVARIANTS_KEPT_MS),
  };
}
