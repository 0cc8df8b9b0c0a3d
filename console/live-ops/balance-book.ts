import type { Balance } from '@trancendos/contracts/balance';
import { Cell } from '@trancendos/ui';

/** Accounts that are kept at most; the one heard of longest ago goes first. */
const ACCOUNTS_MAX = 200;

/** The newest known balance of each account that was followed. */
export class BalanceBook {
  readonly current = new Cell<ReadonlyMap<string, Balance>>(new Map());

  /** Takes a balance unless a newer one of that account is known. */
  receive(balance: Balance): void {
    const known = this.current.get().get(balance.account_id);
    if (known && known.version >= balance.version) return;
    const next = new Map(this.current.get());
    next.delete(balance.account_id);
    next.set(balance.account_id, balance);
    const [oldest] = next.keys();
    if (next.size > ACCOUNTS_MAX && oldest !== undefined) next.delete(oldest);
    this.current.set(next);
  }
}
