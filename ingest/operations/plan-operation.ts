import type { MerchantMoney, ProblemCode } from '@trancendos/contracts/http';
import { LEDGER_ERRORS, type CommandOutcome, type LedgerCommand, type LedgerErrorCode } from '@trancendos/contracts/ledger-command';
import type { OperationKind } from '@trancendos/contracts/operation';
import type { Refusal } from '../refusal.ts';
import { findPostings, foldMoney, type AppliedOutcome, type Posting } from './fold-money.ts';

/** What a merchant asks for. */
export interface AskedOperation {
  readonly kind: OperationKind;
  readonly amount_minor?: number | undefined;
  readonly final?: boolean | undefined;
  readonly reason?: string | undefined;
}

/** A decided payment, with all that has happened to its money since. */
export interface Standing {
  readonly merchantId: string;
  readonly decided: MerchantMoney;
  readonly outcomes: readonly AppliedOutcome[];
}

export const OPERATIONS_MAX = 50;

/**
 * The command by which the ledger carries out what is asked, or why that cannot be. What is known here is what the ledger has told; the ledger
 * itself has the last word.
 */
export function planOperation(standing: Standing, asked: AskedOperation, commandId: string): LedgerCommand | Refusal {
  if (standing.outcomes.length >= OPERATIONS_MAX) return { refused: 'too_many_operations' };
  const facts = {
    command_id: commandId,
    requested_by: standing.merchantId,
    reason: asked.reason ?? `${asked.kind} by the merchant`,
  };
  if (asked.kind === 'refund') return planRefund(standing, asked, facts);
  const holdId = findHold(standing, asked);
  if (typeof holdId !== 'string') return holdId;
  if (asked.kind === 'void') return { kind: 'void', hold_id: holdId, ...facts };
  return {
    kind: 'capture',
    hold_id: holdId,
    ...(asked.amount_minor !== undefined && { amount_minor: asked.amount_minor }),
    ...(asked.final !== undefined && { final: asked.final }),
    ...facts,
  };
}

/** The hold, while there is something left of it. */
function findHold({ decided, outcomes }: Standing, asked: AskedOperation): string | Refusal {
  if (decided.state !== 'pending' || decided.transfer_id === null) {
    if (decided.state !== 'posted') return { refused: 'nothing_held' };
    const posted = 'It was posted when it was approved: refund it to give the money back.';
    return asked.kind === 'void' ? { refused: 'nothing_held', detail: posted } : { refused: 'already_captured' };
  }
  const money = foldMoney(decided, outcomes);
  if (money.state === 'posted') return { refused: 'already_captured' };
  if (money.state === 'voided') {
    return { refused: outcomes.some(({ hold }) => hold?.status === 'expired') ? 'hold_expired' : 'already_voided' };
  }
  if (asked.kind === 'capture' && (asked.amount_minor ?? 0) > money.pending_minor) {
    return { refused: 'capture_exceeds_hold', misfits: [{ pointer: '/amount_minor', detail: `at most ${money.pending_minor}` }] };
  }
  return decided.transfer_id;
}

type Facts = Pick<LedgerCommand, 'command_id' | 'requested_by' | 'reason'>;

function planRefund(standing: Standing, asked: AskedOperation, facts: Facts): LedgerCommand | Refusal {
  const money = foldMoney(standing.decided, standing.outcomes);
  const postings = findPostings(standing.decided, standing.outcomes);
  if (money.posted_minor === 0) return { refused: 'nothing_posted' };
  const openMinor = postings.reduce((sum, posting) => sum + posting.openMinor, 0);
  if (openMinor === 0) return { refused: 'already_refunded' };
  const amountMinor = asked.amount_minor ?? openMinor;
  if (amountMinor > openMinor) {
    return { refused: 'refund_exceeds_posted', misfits: [{ pointer: '/amount_minor', detail: `at most ${openMinor}` }] };
  }
  const [first, ...others] = takeFrom(postings, amountMinor);
  if (!first) throw new Error('a refund of nothing was planned');
  return others.length === 0 ? { ...first, ...facts } : { kind: 'linked', legs: [first, ...others], ...facts };
}

/** Reversals that add up to `amountMinor`, the first posting used up first. */
function takeFrom(postings: readonly Posting[], amountMinor: number) {
  let rest = amountMinor;
  return postings.flatMap(({ transferId, openMinor }) => {
    const taken = Math.min(rest, openMinor);
    rest -= taken;
    return taken === 0 ? [] : [{ kind: 'reverse' as const, transfer_id: transferId, amount_minor: taken }];
  });
}

const OF_LEDGER: Partial<Record<LedgerErrorCode, ProblemCode>> = {
  hold_captured: 'already_captured',
  hold_voided: 'already_voided',
  hold_expired: 'hold_expired',
  capture_exceeds_hold: 'capture_exceeds_hold',
  already_reversed: 'already_refunded',
  reversal_exceeds_transfer: 'refund_exceeds_posted',
  insufficient_funds: 'balance_too_low',
  account_frozen: 'account_blocked',
  account_closed: 'account_blocked',
};

/** What the merchant is told where the ledger has refused. */
export function refusalOfLedger({ code }: Pick<CommandOutcome, 'code'>): Refusal {
  const told = code === null ? undefined : OF_LEDGER[code];
  if (told) return { refused: told };
  return code === null
    ? { refused: 'operation_refused' }
    : { refused: 'operation_refused', detail: `The ledger says ${code}: ${LEDGER_ERRORS[code]}.` };
}
