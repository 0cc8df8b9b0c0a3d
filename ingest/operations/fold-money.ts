import type { MerchantMoney } from '@trancendos/contracts/http';
import type { CommandOutcome } from '@trancendos/contracts/ledger-command';
import type { Money } from '@trancendos/contracts/outcome';

/** What an operation did, as the ledger has told it. */
export type AppliedOutcome = Pick<CommandOutcome, 'ledger_seq' | 'transfers' | 'hold'>;

/** The money of a payment as its decision left it. */
export function moneyOfDecision(money: Money, amountMinor: number): MerchantMoney {
  return {
    ...money,
    pending_minor: money.state === 'pending' ? amountMinor : 0,
    posted_minor: money.state === 'posted' ? amountMinor : 0,
    refunded_minor: 0,
  };
}

/**
 * Where the money stands: `decided` with everything that has happened since. The order of `outcomes` does not matter: of what happened to a
 * hold the latest in the ledger's order holds, and refunds add up.
 */
export function foldMoney(decided: MerchantMoney, outcomes: readonly AppliedOutcome[]): MerchantMoney {
  const hold = lastHold(outcomes);
  const refundedMinor = outcomes.flatMap(({ transfers }) => transfers).reduce((sum, transfer) => sum + refundOf(transfer), 0);
  if (!hold) return { ...decided, refunded_minor: refundedMinor };
  const isOpen = hold.status === 'open';
  return {
    ...decided,
    state: isOpen ? 'pending' : hold.status === 'captured' ? 'posted' : 'voided',
    expires_at: isOpen ? hold.expires_at : null,
    pending_minor: Number(hold.remaining_minor),
    posted_minor: Number(hold.captured_minor),
    refunded_minor: refundedMinor,
  };
}

/** Money that was posted by one transfer and can be given back. */
export interface Posting {
  readonly transferId: string;
  readonly openMinor: number;
}

/** What has been posted and not given back, the first posting first. */
export function findPostings(decided: MerchantMoney, outcomes: readonly AppliedOutcome[]): Posting[] {
  const made = outcomes.flatMap(({ transfers }) => transfers).sort((one, other) => one.seq - other.seq);
  const posted = made
    .filter(({ kind }) => kind === 'capture')
    .map(({ transfer_id, amount_minor }) => ({ transferId: transfer_id, minor: Number(amount_minor) }));
  if (decided.state === 'posted' && decided.transfer_id !== null) {
    posted.unshift({ transferId: decided.transfer_id, minor: decided.posted_minor });
  }
  return posted
    .map(({ transferId, minor }) => ({
      transferId,
      openMinor: made.filter(({ related_to }) => related_to === transferId).reduce((rest, transfer) => rest - refundOf(transfer), minor),
    }))
    .filter(({ openMinor }) => openMinor > 0);
}

function lastHold(outcomes: readonly AppliedOutcome[]): AppliedOutcome['hold'] {
  const ofHold = outcomes.filter(({ hold }) => hold !== null);
  return ofHold.sort((one, other) => (one.ledger_seq ?? 0) - (other.ledger_seq ?? 0)).at(-1)?.hold ?? null;
}

function refundOf({ kind, amount_minor }: AppliedOutcome['transfers'][number]): number {
  return kind === 'reversal' ? Number(amount_minor) : 0;
}
