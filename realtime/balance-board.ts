import type { Balance } from '@trancendos/contracts/balance';

/** The last known balance of the accounts that moved most recently, at most `capacity` of them. */
export class BalanceBoard {
  readonly #capacity: number;
  /** In the order of their last change. */
  readonly #balances = new Map<string, Balance>();

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** Takes a balance in unless a newer one is known. True when it is news. */
  put(balance: Balance): boolean {
    const known = this.#balances.get(balance.account_id);
    if (known && known.version >= balance.version) return false;
    this.#balances.delete(balance.account_id);
    this.#balances.set(balance.account_id, balance);
    if (this.#balances.size > this.#capacity) this.#forgetLeastRecent();
    return true;
  }

  get(accountId: string): Balance | undefined {
    return this.#balances.get(accountId);
  }

  #forgetLeastRecent(): void {
    for (const accountId of this.#balances.keys()) {
      this.#balances.delete(accountId);
      return;
    }
  }
}
