import type { HistoryAnswer, HistoryProgress } from '@trancendos/contracts/http';
import type { HistoryRecord } from '@trancendos/contracts/transaction';
import { callApi, type ClientOptions } from './call-api.ts';
import { cutLines } from './cut-lines.ts';

/** So few that a request is answered well within its time, and that little is sent again after a broken connection. */
const LIMITS = { linesMax: 2_000, bytesMax: 4_000_000 };
const ERRORS_MAX = 100;

export interface ImportOptions {
  /** Told how far it is, every 2,000 records. */
  readonly onProgress?: (progress: HistoryProgress) => void;
  readonly signal?: AbortSignal;
}

/** What became of the records of an import. */
export type ImportedHistory = Pick<HistoryAnswer, 'accepted' | 'rejected' | 'errors'>;

/** Imports past transactions, as many as there are, one request after the other. */
export async function importHistory(
  options: ClientOptions,
  records: Iterable<HistoryRecord> | AsyncIterable<HistoryRecord>,
  { onProgress, signal }: ImportOptions,
): Promise<ImportedHistory> {
  let whole: ImportedHistory = { accepted: 0, rejected: 0, errors: [] };
  for await (const { before, lines } of cutLines(records, LIMITS)) {
    const answer = await callApi<HistoryAnswer>(options, { method: 'POST', path: '/v1/history', lines, signal });
    const errors = answer.errors.map((error) => ({ ...error, line: before + error.line }));
    whole = {
      accepted: whole.accepted + answer.accepted,
      rejected: whole.rejected + answer.rejected,
      errors: [...whole.errors, ...errors].slice(0, ERRORS_MAX),
    };
    onProgress?.({ status: 'importing', accepted: whole.accepted, rejected: whole.rejected });
  }
  return whole;
}
