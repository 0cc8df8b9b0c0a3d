import type { Currency } from '@trancendos/contracts/money';

/** One line of an account's statement, as far as the page shows it. `amount_minor` in digits of minor units. */
export interface TransferLine {
  readonly transfer_id: string;
  readonly kind: string;
  readonly direction: 'debit' | 'credit';
  readonly other_account_id: string;
  readonly amount_minor: string;
  readonly currency: Currency;
  readonly committed_at: string;
}

export type FetchedTransfers =
  { readonly kind: 'found'; readonly transfers: readonly TransferLine[] } | { readonly kind: 'none' } | { readonly kind: 'away' };

const ANSWER_TIMEOUT_MS = 5_000;

/** The newest transfers of a ledger account, newest first. `away`: the ledger does not answer, or nobody is signed in. */
export async function fetchTransfers(accountId: string, signal: AbortSignal): Promise<FetchedTransfers> {
  try {
    const response = await fetch(`/api/ledger/accounts/${encodeURIComponent(accountId)}/transfers`, {
      headers: { accept: 'application/json' },
      signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_TIMEOUT_MS)]),
    });
    if (response.status === 404) return { kind: 'none' };
    if (!response.ok) return { kind: 'away' };
    const body = (await response.json()) as { transfers: TransferLine[] } | TransferLine[];
    return { kind: 'found', transfers: Array.isArray(body) ? body : body.transfers };
  } catch {
    return { kind: 'away' };
  }
}
