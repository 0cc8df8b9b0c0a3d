import { Balance } from '@trancendos/contracts/balance';
import { LedgerSummary } from '@trancendos/contracts/http';
import { LedgerAccountId } from '@trancendos/contracts/ids';
import { fetchBounded } from './fetch-bounded.ts';
import { readAnswer } from './read-answer.ts';

const BALANCE = { timeoutMs: 2_000, bytesMax: 65_536 };
const SUMMARY = { timeoutMs: 900, bytesMax: 65_536 };

/** What the feed itself reads of the ledger. Pages read it through what is forwarded. */
export class LedgerReader {
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  /** The account's present balance; undefined where there is none, or no answer. */
  async balance(accountId: string): Promise<Balance | undefined> {
    if (!LedgerAccountId.safeParse(accountId).success) return undefined;
    return readAnswer(await fetchBounded(new URL(`/v1/accounts/${encodeURIComponent(accountId)}`, this.#url), BALANCE), Balance);
  }

  async summary(): Promise<LedgerSummary | undefined> {
    return readAnswer(await fetchBounded(new URL('/v1/summary', this.#url), SUMMARY), LedgerSummary);
  }
}
