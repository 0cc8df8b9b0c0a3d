import type { LedgerTransfer, TransferSide } from '@trancendos/contracts/ledger';
import type { Currency } from '@trancendos/contracts/money';
import { EFFECT_OF_KIND } from './transfer-effect.ts';

/** The counters of an account, in the order in which they are kept. */
export const COUNTERS = ['debits_posted', 'credits_posted', 'debits_pending', 'credits_pending'] as const;
export type Counter = (typeof COUNTERS)[number];

const CHUNK_ACCOUNTS = 65_536;
const SLOTS = COUNTERS.length;

/** Something about one side of a transfer that does not follow from the transfers before. */
export interface SideFault {
  readonly kind: 'BALANCE_MISMATCH' | 'VERSION_MISMATCH';
  readonly accountId: string;
  readonly detail: string;
}

/**
 * The accounts as their transfers make them: every transfer is applied to the counters, which then have to be those that the transfer
 * carries. Forty bytes an account, whose numbers are gapless, so that millions of accounts need no more than some hundred megabytes.
 */
export class ReplayedAccounts {
  readonly #counters: BigInt64Array[] = [];
  readonly #versions: Float64Array[] = [];
  /** Debits less credits of all accounts, by currency: posted, then pending. */
  readonly #surplus = new Map<Currency, { posted: bigint; pending: bigint }>();

  /** Applies a transfer between the accounts of these numbers, and says what does not fit. Goes on from what the transfer says. */
  apply(transfer: LedgerTransfer, debitNumber: number, creditNumber: number): SideFault[] {
    const effect = EFFECT_OF_KIND[transfer.kind];
    const amountMinor = BigInt(transfer.amount_minor);
    const posted = BigInt(effect.posted) * amountMinor;
    const pending = BigInt(effect.pending) * amountMinor;
    const faults = [
      ...this.#applySide(transfer.debit, debitNumber, { debits_posted: posted, debits_pending: pending }),
      ...this.#applySide(transfer.credit, creditNumber, { credits_posted: posted, credits_pending: pending }),
    ];
    return faults;
  }

  /** The counters of an account; all 0 where it has had no transfer. */
  countersOf(number: number): Readonly<Record<Counter, bigint>> {
    const { counters, offset } = this.#place(number);
    const at = (slot: number) => counters[offset * SLOTS + slot] ?? 0n;
    return { debits_posted: at(0), credits_posted: at(1), debits_pending: at(2), credits_pending: at(3) };
  }

  /** The version that the account's last transfer made; 0 where it has had none. */
  versionOf(number: number): number {
    const { versions, offset } = this.#place(number);
    return versions[offset] ?? 0;
  }

  /** Notes an account's counters for the sums by currency. */
  addToSums(number: number, currency: Currency): void {
    const { debits_posted, credits_posted, debits_pending, credits_pending } = this.countersOf(number);
    const surplus = this.#surplus.get(currency) ?? { posted: 0n, pending: 0n };
    surplus.posted += debits_posted - credits_posted;
    surplus.pending += debits_pending - credits_pending;
    this.#surplus.set(currency, surplus);
  }

  /** Currencies in which debits and credits differ, by `addToSums`. */
  imbalances(): { readonly currency: Currency; readonly posted: bigint; readonly pending: bigint }[] {
    const sums = [...this.#surplus].map(([currency, surplus]) => ({ currency, ...surplus }));
    return sums.filter(({ posted, pending }) => posted !== 0n || pending !== 0n);
  }

  *#applySide(side: TransferSide, number: number, changes: Partial<Record<Counter, bigint>>): Generator<SideFault> {
    const { counters, versions, offset } = this.#place(number);
    for (const [slot, counter] of COUNTERS.entries()) {
      const place = offset * SLOTS + slot;
      const expected = (counters[place] ?? 0n) + (changes[counter] ?? 0n);
      const found = BigInt(side[counter]);
      if (found !== expected) {
        const detail = `${counter} is ${found} after it and follows as ${expected}`;
        yield { kind: 'BALANCE_MISMATCH', accountId: side.account_id, detail };
      }
      counters[place] = found;
    }
    const before = versions[offset] ?? 0;
    if (side.version <= before) {
      yield { kind: 'VERSION_MISMATCH', accountId: side.account_id, detail: `version ${side.version} comes after version ${before}` };
    }
    versions[offset] = side.version;
  }

  #place(number: number): { counters: BigInt64Array; versions: Float64Array; offset: number } {
    const chunk = Math.floor(number / CHUNK_ACCOUNTS);
    const counters = (this.#counters[chunk] ??= new BigInt64Array(CHUNK_ACCOUNTS * SLOTS));
    const versions = (this.#versions[chunk] ??= new Float64Array(CHUNK_ACCOUNTS));
    return { counters, versions, offset: number % CHUNK_ACCOUNTS };
  }
}
