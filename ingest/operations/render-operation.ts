import type { TransactionAnswer } from '@trancendos/contracts/http';
import type { Operation, OperationAnswer } from '@trancendos/contracts/operation';
import { foldMoney, type AppliedOutcome } from './fold-money.ts';
import type { PaymentFile, StoredOperation } from './store-operations.ts';

/** The outcomes of all that the ledger has applied, up to and including its position `untilSeq`. */
export function outcomesOf({ operations }: Pick<PaymentFile, 'operations'>, untilSeq = Infinity): AppliedOutcome[] {
  return operations.flatMap(({ outcome }) => (outcome && (outcome.ledger_seq ?? 0) <= untilSeq ? [outcome] : []));
}

/** The answer to a transaction with its money as it is now, or was at the ledger's position `untilSeq`. */
export function renderCurrent(answer: TransactionAnswer, file: Pick<PaymentFile, 'operations'>, untilSeq?: number): TransactionAnswer {
  const outcomes = outcomesOf(file, untilSeq);
  return outcomes.length === 0 || answer.money === null ? answer : { ...answer, money: foldMoney(answer.money, outcomes) };
}

/** An operation as merchants see it. */
export function renderOperation({ operation_id, kind, status, request_id, outcome }: StoredOperation): Operation {
  const moved = (outcome?.transfers ?? []).filter((transfer) => KIND_OF_TRANSFER[kind].includes(transfer.kind));
  return {
    operation_id,
    kind,
    status,
    amount_minor: outcome ? moved.reduce((sum, { amount_minor }) => sum + Number(amount_minor), 0) : null,
    transfer_ids: moved.map(({ transfer_id }) => transfer_id),
    requested_by: request_id === null ? 'platform' : 'merchant',
    applied_at: outcome?.committed_at ?? null,
  };
}

/** What counts as the operation itself: a capture that releases the rest has moved what it captured. */
const KIND_OF_TRANSFER: Readonly<Record<Operation['kind'], readonly string[]>> = {
  capture: ['capture'],
  void: ['void'],
  refund: ['reversal'],
  expire: ['expire'],
};

/** The answer to the merchant who asked for it: with the money as it left it, so that it is the same whenever it is rendered. */
export function renderOperationAnswer(file: PaymentFile, operation: StoredOperation, requestId: string): OperationAnswer {
  const { transaction, answer } = file;
  const { outcome } = operation;
  const money = outcome && answer ? renderCurrent(answer, file, outcome.ledger_seq ?? undefined).money : null;
  return {
    ...renderOperation(operation),
    transaction_id: transaction.transaction_id,
    merchant_id: transaction.merchant_id,
    currency: transaction.currency,
    money,
    request_id: requestId,
  };
}
