import type { Currency } from '@trancendos/contracts/money';
import type { TransferKind } from '@trancendos/contracts/transfer';
import { callApi } from '@trancendos/shell-api';

/** One line of an account's statement, as far as the page shows it. `amount_minor` in digits of minor units. */
export interface TransferLine {
  readonly transfer_id: string;
  readonly kind: TransferKind;
  readonly direction: 'debit' | 'credit';
  readonly other_account_id: string;
  readonly amount_minor: string;
  readonly currency: Currency;
  readonly committed_at: string;
}

export type FetchedTransfers =
  { readonly kind: 'found'; readonly transfers: readonly TransferLine[] } | { readonly kind: 'none' } | { readonly kind: 'away' };

const ANSWER_TIMEOUT_MS = 5_000;

/** The newest transfers of a ledger account, newest first. `away`: the ledger does not answer, or not to this reader. */
export async function fetchTransfers(accountId: string, limit: number, signal: AbortSignal): Promise<FetchedTransfers> {
  const path = `/api/ledger/v1/accounts/${encodeURIComponent(accountId)}/transfers?limit=${limit}`;
  const answer = await callApi<{ readonly transfers: TransferLine[] }>(path, { signal, timeoutMs: ANSWER_TIMEOUT_MS, isBackground: true });
  if (answer.kind === 'ok') return { kind: 'found', transfers: answer.data.transfers };
  return { kind: answer.kind === 'missing' ? 'none' : 'away' };
}
