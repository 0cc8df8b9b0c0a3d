import type { Leg } from '@trancendos/contracts/ledger-command';
import { deriveTransferId } from './derive-transfer-id.ts';
import type { Draft } from './draft.ts';
import type { Hold } from './hold.ts';
import type { Reversible } from './ledger-state.ts';
import { moveMoney, refuseStatus, settleHold } from './move-money.ts';
import { readAmount } from './read-amount.ts';
import { isRefusal, refuse, type Refusal } from './refusal.ts';
import { timeOfId } from './time-of-id.ts';

const YEAR_MS = 365 * 86_400_000;

/** Where a leg stands: what its transfer is called, and where its fields are in the command. */
interface LegPlace {
  readonly commandId: string;
  readonly index: number;
  readonly transferId: string;
  readonly pointer: string;
}

/** Makes the movements in order. The first that cannot be made is what the whole is refused for; the draft must then be let go. */
export function moveLegs(draft: Draft, commandId: string, legs: readonly Leg[]): Refusal | undefined {
  for (const [index, leg] of legs.entries()) {
    const place = placeOf(commandId, index, legs.length);
    const refusal = moveLeg(draft, leg, place);
    // Of several legs it is said which one, even where no single field of it is wrong.
    if (refusal) return legs.length > 1 ? { field: place.pointer, ...refusal } : refusal;
  }
  return undefined;
}

/** A single movement has the id of its command, so that whoever sent the one knows the other. */
function placeOf(commandId: string, index: number, count: number): LegPlace {
  if (count === 1) return { commandId, index, transferId: `tr_${commandId.slice('cmd_'.length)}`, pointer: '' };
  return {
    commandId,
    index,
    transferId: deriveTransferId(timeOfId(commandId), 'leg', commandId, String(index)),
    pointer: `/legs/${index}`,
  };
}

/** The id of what releases the rest of a hold after its last capture. */
function releaseIdOf({ commandId, index }: LegPlace): string {
  return deriveTransferId(timeOfId(commandId), 'release', commandId, String(index));
}

function moveLeg(draft: Draft, leg: Leg, place: LegPlace): Refusal | undefined {
  switch (leg.kind) {
    case 'post':
      return postMoney(draft, leg, place);
    case 'hold':
      return placeHold(draft, leg, place);
    case 'capture':
      return captureHold(draft, leg, place);
    case 'void':
      return voidHold(draft, leg, place);
    case 'reverse':
      return reverseTransfer(draft, leg, place);
  }
}

type LegOf<K extends Leg['kind']> = Extract<Leg, { kind: K }>;

/** The two accounts and the amount of a post or a hold, as far as they can be judged without their balances. */
export function readSides(draft: Draft, leg: Omit<LegOf<'post'>, 'kind' | 'transfer_kind'>, pointer: string) {
  const amountMinor = readAmount(leg.amount_minor, `${pointer}/amount_minor`);
  if (isRefusal(amountMinor)) return amountMinor;
  const debtor = draft.account(leg.debit_account_id);
  if (!debtor) return refuse('account_unknown', `${leg.debit_account_id} is not open`, `${pointer}/debit_account_id`);
  const creditor = draft.account(leg.credit_account_id);
  if (!creditor) return refuse('account_unknown', `${leg.credit_account_id} is not open`, `${pointer}/credit_account_id`);
  if (debtor.currency !== leg.currency) {
    return refuse('currency_mismatch', `${debtor.id} is not in ${leg.currency}`, `${pointer}/currency`);
  }
  return { amountMinor, debtor, creditor };
}

function postMoney(draft: Draft, leg: LegOf<'post'>, { transferId, pointer }: LegPlace): Refusal | undefined {
  const sides = readSides(draft, leg, pointer);
  if (isRefusal(sides)) return sides;
  return refusalOf(moveMoney(draft, { id: transferId, kind: leg.transfer_kind ?? 'post', ...sides }));
}

function placeHold(draft: Draft, leg: LegOf<'hold'>, { transferId, pointer }: LegPlace): Refusal | undefined {
  const sides = readSides(draft, leg, pointer);
  if (isRefusal(sides)) return sides;
  const ttlMs = leg.expires_in_ms ?? draft.policy.holdTtlMs;
  if (ttlMs <= 0 || ttlMs > YEAR_MS) {
    return refuse('expiry_in_past', `${ttlMs} ms is no time that a hold can stay open`, `${pointer}/expires_in_ms`);
  }
  const { committedAtMs, ledgerSeq } = draft;
  const expiresAtMs = committedAtMs + ttlMs;
  const made = moveMoney(draft, { id: transferId, kind: 'hold', ...sides, expiresAtMs });
  if (isRefusal(made)) return made;
  draft.putHold({
    id: transferId,
    debitId: sides.debtor.id,
    creditId: sides.creditor.id,
    amountMinor: sides.amountMinor,
    remainingMinor: sides.amountMinor,
    capturedMinor: 0n,
    status: 'open',
    onExpiry: leg.on_expiry ?? sides.creditor.onExpiry,
    placedAtMs: committedAtMs,
    expiresAtMs,
    placedSeq: ledgerSeq,
    ledgerSeq,
    merchantId: null,
    transactionId: null,
  });
  return undefined;
}

function captureHold(draft: Draft, leg: LegOf<'capture'>, place: LegPlace): Refusal | undefined {
  const { transferId, pointer } = place;
  const hold = findOpenHold(draft, leg.hold_id, pointer);
  if (isRefusal(hold)) return hold;
  const amountMinor = leg.amount_minor === undefined ? hold.remainingMinor : readAmount(leg.amount_minor, `${pointer}/amount_minor`);
  if (isRefusal(amountMinor)) return amountMinor;
  if (amountMinor > hold.remainingMinor) {
    return refuse('capture_exceeds_hold', `${amountMinor} asked, ${hold.remainingMinor} remain`, `${pointer}/amount_minor`);
  }
  for (const id of [hold.debitId, hold.creditId]) {
    const account = draft.account(id);
    const refusal = account && refuseStatus(account);
    if (refusal) return refusal;
  }
  settleHold(draft, { id: transferId, kind: 'capture', hold, amountMinor });
  const restMinor = hold.remainingMinor - amountMinor;
  const released = restMinor > 0n && leg.final !== false;
  if (released) settleHold(draft, { id: releaseIdOf(place), kind: 'void', hold, amountMinor: restMinor });
  const remainingMinor = released ? 0n : restMinor;
  draft.putHold({
    ...hold,
    remainingMinor,
    capturedMinor: hold.capturedMinor + amountMinor,
    status: remainingMinor === 0n ? 'captured' : 'open',
    ledgerSeq: draft.ledgerSeq,
  });
  return undefined;
}

/** Also where an account is frozen: what is released goes back to whom it belongs. */
function voidHold(draft: Draft, leg: LegOf<'void'>, { transferId, pointer }: LegPlace): Refusal | undefined {
  const hold = findOpenHold(draft, leg.hold_id, pointer);
  if (isRefusal(hold)) return hold;
  settleHold(draft, { id: transferId, kind: 'void', hold, amountMinor: hold.remainingMinor });
  const status = hold.capturedMinor > 0n ? 'captured' : 'voided';
  draft.putHold({ ...hold, remainingMinor: 0n, status, ledgerSeq: draft.ledgerSeq });
  return undefined;
}

/** The hold, if it is open at the time of the batch: one that is due counts as expired, whether or not that is carried out yet. */
function findOpenHold(draft: Draft, holdId: string, pointer: string): Hold | Refusal {
  const field = `${pointer}/hold_id`;
  const hold = draft.hold(holdId);
  if (!hold) return refuse('hold_unknown', `there is no hold ${holdId}`, field);
  switch (hold.status) {
    case 'captured':
      return refuse('hold_captured', `${hold.capturedMinor} minor units are captured and none remain`, field);
    case 'voided':
      return refuse('hold_voided', 'the hold is voided', field);
    case 'expired':
      return refuse('hold_expired', 'the hold has expired', field);
    case 'open':
      if (hold.expiresAtMs > draft.committedAtMs) return hold;
      return refuse('hold_expired', `the hold expired ${draft.committedAtMs - hold.expiresAtMs} ms ago`, field);
  }
}

function reverseTransfer(draft: Draft, leg: LegOf<'reverse'>, { transferId, pointer }: LegPlace): Refusal | undefined {
  const original = findReversible(draft, leg.transfer_id, `${pointer}/transfer_id`);
  if (isRefusal(original)) return original;
  const openMinor = original.amountMinor - original.reversedMinor;
  const amountMinor = leg.amount_minor === undefined ? openMinor : readAmount(leg.amount_minor, `${pointer}/amount_minor`);
  if (isRefusal(amountMinor)) return amountMinor;
  if (amountMinor > openMinor) {
    return refuse('reversal_exceeds_transfer', `${amountMinor} asked, ${openMinor} not given back yet`, `${pointer}/amount_minor`);
  }
  const debtor = draft.account(original.creditId);
  const creditor = draft.account(original.debitId);
  if (!debtor || !creditor) throw new Error(`an account of transfer ${original.id} is not loaded`);
  const made = moveMoney(draft, { id: transferId, kind: 'reversal', debtor, creditor, amountMinor, relatedTo: original.id });
  if (isRefusal(made)) return made;
  draft.putReversible({ ...original, reversedMinor: original.reversedMinor + amountMinor, ledgerSeq: draft.ledgerSeq });
  return undefined;
}

/** A transfer of which something is left to give back. */
function findReversible(draft: Draft, transferId: string, field: string): Reversible | Refusal {
  const original = draft.reversible(transferId);
  if (!original) return refuse('transfer_unknown', `there is no transfer ${transferId}`, field);
  if (original.kind === 'reversal') return refuse('reversal_of_reversal', 'the transfer is itself a reversal', field);
  if (original.kind === 'hold' || original.kind === 'void' || original.kind === 'expire') {
    return refuse('not_reversible', `a transfer of kind ${original.kind} has moved nothing`, field);
  }
  if (original.reversedMinor < original.amountMinor) return original;
  return refuse('already_reversed', `all ${original.amountMinor} minor units are given back`, field);
}

function refusalOf(made: object): Refusal | undefined {
  return isRefusal(made) ? made : undefined;
}
