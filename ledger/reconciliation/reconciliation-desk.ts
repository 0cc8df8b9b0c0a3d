import type { ReconciliationReport, SettlementFile, SettlementLine } from '@trancendos/contracts/reconciliation';
import { nowMs } from '@trancendos/platform/clock';
import type { Postgres } from '@trancendos/platform/postgres';
import { importSettlement, type ImportResult, type SettlementImport } from './import-settlement.ts';
import { matchAccount } from './match-account.ts';
import { readReconciliationReport } from './read-reconciliation-report.ts';
import { listSettlementFiles, readSettlementFile, readSettlementLinesOf } from './read-settlement-files.ts';

/** What can be done with settlement files. Over connections of its own: neither the writer nor quick reads wait for it. */
export interface ReconciliationDesk {
  importFile(given: Omit<SettlementImport, 'nowMs'>): Promise<ImportResult>;
  files(query: Parameters<typeof listSettlementFiles>[1]): Promise<SettlementFile[]>;
  file(fileId: string): Promise<SettlementFile | undefined>;
  lines(fileId: string, query: Parameters<typeof readSettlementLinesOf>[2]): Promise<SettlementLine[]>;
  /** How many lines were matched; undefined where there is no such account. */
  match(accountId: string): Promise<number | undefined>;
  report(accountId: string): Promise<ReconciliationReport | undefined>;
}

export function openReconciliationDesk(postgres: Postgres): ReconciliationDesk {
  const { pool } = postgres;
  return {
    importFile: (given) => importSettlement(postgres, { ...given, nowMs: nowMs() }),
    files: (query) => listSettlementFiles(pool, query),
    file: (fileId) => readSettlementFile(pool, fileId),
    lines: (fileId, query) => readSettlementLinesOf(pool, fileId, query),
    async match(accountId) {
      const { rows } = await pool.query<{ number: string }>('SELECT number FROM ledger.accounts WHERE id = $1', [accountId]);
      return rows[0] && (await matchAccount(postgres, rows[0].number, nowMs()));
    },
    report: (accountId) => readReconciliationReport(pool, accountId, nowMs()),
  };
}
