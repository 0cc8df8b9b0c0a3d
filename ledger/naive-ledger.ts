import type { Decision } from '@trancendos/contracts/decision';
import type { LedgerPolicy } from './ledger-state.ts';

interface JournalRow {
  readonly state: 'posted' | 'pending';
  readonly from: string;
  readonly to: string;
  readonly amount: bigint;
}

/** What the naive ledger says about one decision. */
export type NaiveResult = 'posted' | 'pending' | 'none' | 'insufficient_funds' | 'duplicate';

/**
 * A ledger that is slow and obviously right, to hold the fast one against: it keeps a journal of rows and sums all of it whenever it needs
 * a balance. It shares no code with the core, and knows no batches. For tests.
 */
export class NaiveLedger {
  readonly #policy: LedgerPolicy;
  readonly #seen: [merchant: string, transaction: string][] = [];
  readonly journal: JournalRow[] = [];
  readonly opened: string[] = [];

  constructor(policy: LedgerPolicy) {
    this.#policy = policy;
  }

  decide({ action, transaction }: Decision): NaiveResult {
    const { merchant_id: merchant, transaction_id: id, currency, payer } = transaction;
    if (this.#seen.some(([m, t]) => m === merchant && t === id)) return 'duplicate';
    this.#seen.push([merchant, id]);
    const amount = BigInt(transaction.amount_minor);
    if (action === 'decline' || amount === 0n) return 'none';

    const to = `merchant:${merchant}:${currency}`;
    let from = `clearing:card:${currency}`;
    if (payer.account_id !== undefined) {
      from = `customer:${payer.account_id}:${currency}`;
      if (!this.opened.includes(from) && this.#policy.openingCreditMinor > 0n) {
        this.#write({ state: 'posted', from: `funding:opening:${currency}`, to: from, amount: this.#policy.openingCreditMinor });
      }
      this.#open(from);
      const spendable =
        this.sum(from, 'to', 'posted') -
        this.sum(from, 'from', 'posted') -
        this.sum(from, 'from', 'pending') +
        this.#policy.customerOverdraftMinor;
      if (amount > spendable) return 'insufficient_funds';
    }
    const state = action === 'approve' ? 'posted' : 'pending';
    this.#write({ state, from, to, amount });
    return state;
  }

  /** Sum of the rows of `state` that have `account` on that side. */
  sum(account: string, side: 'from' | 'to', state: JournalRow['state']): bigint {
    let total = 0n;
    for (const row of this.journal) if (row[side] === account && row.state === state) total += row.amount;
    return total;
  }

  #write(row: JournalRow): void {
    this.#open(row.from);
    this.#open(row.to);
    this.journal.push(row);
  }

  #open(account: string): void {
    if (!this.opened.includes(account)) this.opened.push(account);
  }
}
