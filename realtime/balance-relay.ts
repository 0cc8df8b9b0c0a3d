import type { Balance } from '@trancendos/contracts/balance';

/** A followed account is told at most every 250 ms. */
export const BALANCE_EVERY_MS = 250;

/** Passes on changes of followed accounts: the first at once, then the newest of what came within each interval. */
export class BalanceRelay {
  readonly #send: (balance: Balance) => void;
  readonly #waiting = new Map<string, Balance>();
  /** Only of the last interval, so it stays as small as what is followed and moves. */
  readonly #sentAtMs = new Map<string, number>();

  constructor(send: (balance: Balance) => void) {
    this.#send = send;
  }

  note(balance: Balance, nowMs: number): void {
    this.#waiting.set(balance.account_id, balance);
    this.#sendIfDue(balance, nowMs);
  }

  /** Sends what has waited for its interval. To be called several times within an interval. */
  flush(nowMs: number): void {
    for (const [accountId, sentAtMs] of this.#sentAtMs) {
      if (nowMs - sentAtMs >= BALANCE_EVERY_MS) this.#sentAtMs.delete(accountId);
    }
    for (const balance of this.#waiting.values()) this.#sendIfDue(balance, nowMs);
  }

  #sendIfDue(balance: Balance, nowMs: number): void {
    const sentAtMs = this.#sentAtMs.get(balance.account_id);
    if (sentAtMs !== undefined && nowMs - sentAtMs < BALANCE_EVERY_MS) return;
    this.#waiting.delete(balance.account_id);
    this.#sentAtMs.set(balance.account_id, nowMs);
    this.#send(balance);
  }
}
