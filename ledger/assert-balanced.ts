import { availableMinor, type Account } from './account.ts';
import type { BatchEffects } from './entry.ts';

/** The ledger contradicts itself. Nothing may be written any more; a person has to look. */
export class InvariantError extends Error {
  override readonly name = 'InvariantError';
}

/**
 * Throws `InvariantError` unless, in every currency, the accounts were debited as much as they were credited, posted and pending apart,
 * none of them was left beyond its limit or below zero, and no hold is in a state that no hold can be in.
 */
export function assertBalanced({ accounts, holds }: Pick<BatchEffects, 'accounts' | 'holds'>): void {
  const surplusMinor = new Map<string, { posted: bigint; pending: bigint }>();
  for (const { before, after } of accounts.values()) {
    let surplus = surplusMinor.get(after.currency);
    if (!surplus) surplusMinor.set(after.currency, (surplus = { posted: 0n, pending: 0n }));
    surplus.posted += after.debitsPosted - after.creditsPosted;
    surplus.pending += after.debitsPending - after.creditsPending;
    if (before) {
      surplus.posted -= before.debitsPosted - before.creditsPosted;
      surplus.pending -= before.debitsPending - before.creditsPending;
    }
    assertSound(after);
  }
  for (const [currency, { posted, pending }] of surplusMinor) {
    if (posted !== 0n) throw new InvariantError(`debits and credits of a batch differ by ${posted} minor units: posted ${currency}`);
    if (pending !== 0n) throw new InvariantError(`debits and credits of a batch differ by ${pending} minor units: pending ${currency}`);
  }
  for (const hold of holds.values()) {
    const { remainingMinor, capturedMinor, amountMinor, status } = hold;
    const possible = remainingMinor >= 0n && capturedMinor >= 0n && remainingMinor + capturedMinor <= amountMinor;
    if (!possible || (status === 'open') !== remainingMinor > 0n) {
      throw new InvariantError(`${hold.id} is ${status} with ${remainingMinor} of ${amountMinor} remaining and ${capturedMinor} captured`);
    }
  }
}

function assertSound(account: Account): void {
  const available = availableMinor(account);
  if (available !== null && available < 0n) throw new InvariantError(`${account.id} is left beyond its limit by ${-available}`);
  const { debitsPosted, creditsPosted, debitsPending, creditsPending } = account;
  if (debitsPosted < 0n || creditsPosted < 0n || debitsPending < 0n || creditsPending < 0n) {
    throw new InvariantError(`a counter of ${account.id} is below zero`);
  }
}
