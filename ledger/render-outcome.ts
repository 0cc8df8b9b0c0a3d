import type { Timings } from '@trancendos/contracts/decision';
import type { Money, Outcome } from '@trancendos/contracts/outcome';
import type { ReceivedDecision } from './batch.ts';
import type { Movement } from './move-money.ts';

const REASONS_MAX = 5;
const NO_MONEY: Money = { state: 'none', transfer_id: null, expires_at: null };

export interface Commit {
  readonly ledgerSeq: number;
  readonly committedAt: string;
  readonly committedAtMs: number;
}

/** The decision as it was, with what the ledger made of it: where it refused, a decline that names the ledger's reason first. */
export function renderOutcome(received: ReceivedDecision, movement: Movement, commit: Commit): Outcome {
  const { decision } = received;
  const refused = movement.kind === 'refused';
  return {
    ...decision,
    action: refused ? 'decline' : decision.action,
    reasons: refused ? [movement.refusal, ...decision.reasons].slice(0, REASONS_MAX) : decision.reasons,
    timings_ms: addTimings(received, commit.committedAtMs),
    money: moneyOf(movement),
    ledger_seq: commit.ledgerSeq,
    committed_at: commit.committedAt,
  };
}

function moneyOf(movement: Movement): Money {
  if (movement.kind !== 'moved') return NO_MONEY;
  const { payment } = movement;
  return { state: payment.kind === 'hold' ? 'pending' : 'posted', transfer_id: payment.id, expires_at: payment.expiresAt };
}

function addTimings({ decision, sentAtMs, receivedAtMs }: ReceivedDecision, committedAtMs: number): Timings {
  return { ...decision.timings_ms, to_ledger: duration(sentAtMs, receivedAtMs), ledger: duration(receivedAtMs, committedAtMs) };
}

/** In milliseconds to the microsecond; never negative, though the clocks of two machines may say so. */
function duration(fromMs: number, toMs: number): number {
  return Math.max(0, Math.round((toMs - fromMs) * 1000) / 1000);
}
