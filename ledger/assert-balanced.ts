import { availableMinor, type Account } from './account.ts';
import type { AccountChange } from './batch.ts';

/** The ledger contradicts itself. Nothing may be written any more; a person has to look. */
export class InvariantError extends Error {
  override readonly name = 'InvariantError';
}

/**
 * Throws `InvariantError` unless, in every currency, the accounts were debited as much as they were credited, posted and pending apart,
 * and none of them was left beyond its limit.
 */
export function assertBalanced(changes: Iterable<AccountChange>): void {
  const surplusMinor = new Map<string, bigint>();
  for (const { before, after } of changes) {
    for (const state of ['posted', 'pending'] as const) {
      const sum = `${state} ${after.currency}`;
      const change = debitsOverCredits(after, state) - (before ? debitsOverCredits(before, state) : 0n);
      surplusMinor.set(sum, (surplusMinor.get(sum) ?? 0n) + change);
    }
    const available = availableMinor(after);
    if (available !== null && available < 0n) throw new InvariantError(`${after.id} is left beyond its limit by ${-available}`);
  }
  for (const [sum, surplus] of surplusMinor) {
    if (surplus !== 0n) throw new InvariantError(`debits and credits of a batch differ by ${surplus} minor units: ${sum}`);
  }
}

function debitsOverCredits(account: Account, state: 'posted' | 'pending'): bigint {
  if (state === 'posted') return account.debitsPosted - account.creditsPosted;
  return account.debitsPending - account.creditsPending;
}
