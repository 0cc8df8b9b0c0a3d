import type { TransferKind } from '@trancendos/contracts/transfer';
import { availableMinor, credit, debit, type Account } from './account.ts';
import type { Draft } from './draft.ts';
import type { Hold } from './hold.ts';
import { refuse, refuseFunds, type Refusal } from './refusal.ts';
import { SPENDS_MAX } from './spend-window.ts';
import type { Transfer } from './transfer.ts';

/**
 * Highest value of a counter: twice it still fits PostgreSQL's bigint, so that no sum of two counters, in SQL or here, leaves it.
 */
export const COUNTER_MAX_MINOR = 2n ** 62n - 1n;

/** Money that goes from one account to another, or is reserved to. */
export interface Move {
  readonly id: string;
  readonly kind: 'post' | 'fee' | 'hold' | 'reversal' | 'opening';
  readonly debtor: Account;
  readonly creditor: Account;
  /** More than 0. */
  readonly amountMinor: bigint;
  readonly relatedTo?: string;
  readonly fxRate?: string;
  readonly expiresAtMs?: number;
}

/** Moves the money, or says why that cannot be: accounts that are not open, too little money, too much of it, too often. */
export function moveMoney(draft: Draft, move: Move): Transfer | Refusal {
  const { debtor, creditor, amountMinor, kind } = move;
  const refusal =
    refuseStatus(debtor) ?? refuseStatus(creditor) ?? refusePair(debtor, creditor) ?? refuseAmount(move) ?? refuseVelocity(draft, move);
  if (refusal) return refusal;
  const { ledgerSeq } = draft;
  const isHold = kind === 'hold';
  const change = { postedMinor: isHold ? 0n : amountMinor, pendingMinor: isHold ? amountMinor : 0n, ledgerSeq };
  const transfer = draft.addTransfer(move, { debtor: debit(debtor, change), creditor: credit(creditor, change) });
  if (countsAsSpend(kind)) draft.noteSpend(debtor, amountMinor);
  return transfer;
}

/** What ends some or all of a hold. */
export interface Settlement {
  readonly id: string;
  readonly kind: 'capture' | 'void' | 'expire';
  readonly hold: Hold;
  /** At most what remains of the hold. */
  readonly amountMinor: bigint;
}

/** Moves or releases what is reserved. Always possible: that it is was checked when it was reserved. */
export function settleHold(draft: Draft, { id, kind, hold, amountMinor }: Settlement): Transfer {
  const debtor = draft.account(hold.debitId);
  const creditor = draft.account(hold.creditId);
  if (!debtor || !creditor) throw new Error(`an account of hold ${hold.id} is not loaded`);
  const change = { postedMinor: kind === 'capture' ? amountMinor : 0n, pendingMinor: -amountMinor, ledgerSeq: draft.ledgerSeq };
  const sides = { debtor: debit(debtor, change), creditor: credit(creditor, change) };
  return draft.addTransfer({ id, kind, amountMinor, relatedTo: hold.id }, sides);
}

/** Payments that an account makes, when they are made: a capture was counted as a hold, and what is given back is not spent. */
export function countsAsSpend(kind: TransferKind): boolean {
  return kind === 'post' || kind === 'hold';
}

export function refuseStatus({ id, status }: Account): Refusal | undefined {
  if (status === 'open') return undefined;
  return refuse(status === 'frozen' ? 'account_frozen' : 'account_closed', `${id} is ${status}`);
}

function refusePair(debtor: Account, creditor: Account): Refusal | undefined {
  if (debtor.id === creditor.id) return refuse('same_account', `both sides are ${debtor.id}`);
  if (debtor.currency === creditor.currency) return undefined;
  return refuse('currency_mismatch', `${debtor.currency} cannot become ${creditor.currency}`);
}

function refuseAmount({ debtor, creditor, amountMinor }: Move): Refusal | undefined {
  const available = availableMinor(debtor);
  if (available !== null && available < amountMinor) return refuseFunds(debtor, amountMinor, available);
  // A hold may be posted in full later, so both counters together must have room.
  if (debtor.debitsPosted + debtor.debitsPending + amountMinor > COUNTER_MAX_MINOR) return refuseCapacity(debtor);
  if (creditor.creditsPosted + creditor.creditsPending + amountMinor > COUNTER_MAX_MINOR) return refuseCapacity(creditor);
  return undefined;
}

function refuseCapacity({ id }: Account): Refusal {
  return refuse('ledger_capacity_reached', `${id} has reached the highest total that the ledger counts`);
}

function refuseVelocity(draft: Draft, { kind, debtor, amountMinor }: Move): Refusal | undefined {
  if (debtor.velocity.length === 0 || !countsAsSpend(kind)) return undefined;
  for (const { window, max_count, max_sum_minor } of debtor.velocity) {
    const { count, sumMinor } = draft.spent(debtor.id, window);
    if (count >= Math.min(max_count, SPENDS_MAX)) {
      return refuse('velocity_exceeded', `${count} payments in ${window}, at most ${max_count} allowed`);
    }
    if (max_sum_minor !== null && sumMinor + amountMinor > BigInt(max_sum_minor)) {
      return refuse('velocity_exceeded', `${sumMinor} minor units in ${window} and ${amountMinor} more, at most ${max_sum_minor} allowed`);
    }
  }
  return undefined;
}
