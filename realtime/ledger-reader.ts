import { Balance } from '@trancendos/contracts/balance';
import { LedgerSummary } from '@trancendos/contracts/http';
import { LedgerAccountId } from '@trancendos/contracts/ids';
import { fetchBounded, type Fetched } from './fetch-bounded.ts';
import { readAnswer } from './read-answer.ts';

const ANSWER = { timeoutMs: 2_000, bytesMax: 262_144 };
const SUMMARY = { timeoutMs: 900, bytesMax: 65_536 };

/** The addresses of the ledger that a console may see. All of them are read only. */
export class LedgerReader {
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  /** The account's counters as the ledger answers them. `accountId` must be a ledger account's. */
  account(accountId: string): Promise<Fetched> {
    return fetchBounded(this.#addressOf(accountId, ''), ANSWER);
  }

  /** The account's newest transfers as the ledger answers them. */
  transfers(accountId: string): Promise<Fetched> {
    return fetchBounded(this.#addressOf(accountId, '/transfers'), ANSWER);
  }

  async balance(accountId: string): Promise<Balance | undefined> {
    return readAnswer(await this.account(accountId), Balance);
  }

  async summary(): Promise<LedgerSummary | undefined> {
    return readAnswer(await fetchBounded(new URL('/v1/summary', this.#url), SUMMARY), LedgerSummary);
  }

  #addressOf(accountId: string, below: string): URL {
    if (!LedgerAccountId.safeParse(accountId).success) throw new RangeError('not the id of a ledger account');
    return new URL(`/v1/accounts/${encodeURIComponent(accountId)}${below}`, this.#url);
  }
}
