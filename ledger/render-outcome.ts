import type { Timings } from '@trancendos/contracts/decision';
import type { Money, Outcome } from '@trancendos/contracts/outcome';
import { toInstant } from '@trancendos/platform/clock';
import type { DecisionEntry } from './entry.ts';
import { explainRefusal, isRefusal, type Refusal } from './refusal.ts';
import type { Transfer } from './transfer.ts';

const REASONS_MAX = 5;
const NO_MONEY: Money = { state: 'none', transfer_id: null, expires_at: null };

/** What a decision did to the money: a payment, nothing (a decline, or the verification of an account by an amount of 0), or a refusal. */
export type Payment = Transfer | Refusal | undefined;

export interface Commit {
  readonly ledgerSeq: number;
  readonly committedAt: string;
  /** When the writer took the batch up, by the clock. */
  readonly takenAtMs: number;
}

/** The decision as it was, with what the ledger made of it: where it refused, a decline that names the ledger's reason first. */
export function renderOutcome(entry: DecisionEntry, payment: Payment, commit: Commit): Outcome {
  const { decision } = entry;
  const refusal = isRefusal(payment) ? payment : undefined;
  return {
    ...decision,
    action: refusal ? 'decline' : decision.action,
    reasons: refusal ? [explainRefusal(refusal), ...decision.reasons].slice(0, REASONS_MAX) : decision.reasons,
    timings_ms: addTimings(entry, commit.takenAtMs),
    money: moneyOf(payment),
    ledger_seq: commit.ledgerSeq,
    committed_at: commit.committedAt,
  };
}

function moneyOf(payment: Payment): Money {
  if (payment === undefined || isRefusal(payment)) return NO_MONEY;
  const { id, kind, expiresAtMs } = payment;
  return {
    state: kind === 'hold' ? 'pending' : 'posted',
    transfer_id: id,
    expires_at: expiresAtMs === null ? null : toInstant(expiresAtMs),
  };
}

function addTimings({ decision, sentAtMs, receivedAtMs }: DecisionEntry, takenAtMs: number): Timings {
  return { ...decision.timings_ms, to_ledger: duration(sentAtMs, receivedAtMs), ledger: duration(receivedAtMs, takenAtMs) };
}

/** In milliseconds to the microsecond; never negative, though the clocks of two machines may say so. */
function duration(fromMs: number, toMs: number): number {
  return Math.max(0, Math.round((toMs - fromMs) * 1000) / 1000);
}
