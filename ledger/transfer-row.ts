import type { Currency } from '@trancendos/contracts/money';
import type { LedgerTransfer, TransferSide } from '@trancendos/contracts/ledger';
import type { TransferKind } from '@trancendos/contracts/transfer';
import { toInstant } from '@trancendos/platform/clock';

/** A transfer as the queries of this folder read it; bigint as digits. */
export interface TransferRow {
  readonly id: string;
  readonly kind: TransferKind;
  readonly seq: string;
  readonly ledger_seq: string;
  readonly amount_minor: string;
  readonly currency: Currency;
  readonly debit_id: string;
  readonly debtor_version: string;
  readonly debtor_debits_posted: string;
  readonly debtor_credits_posted: string;
  readonly debtor_debits_pending: string;
  readonly debtor_credits_pending: string;
  readonly credit_id: string;
  readonly creditor_version: string;
  readonly creditor_debits_posted: string;
  readonly creditor_credits_posted: string;
  readonly creditor_debits_pending: string;
  readonly creditor_credits_pending: string;
  readonly related_to: string | null;
  readonly fx_rate: string | null;
  readonly effective_at: Date;
  readonly committed_at: Date;
  readonly topic: string;
  readonly partition: number;
  readonly input_offset: string;
  readonly decision_id: string | null;
  readonly score: number | null;
  readonly actor: string;
  readonly model: string | null;
  readonly ruleset: string | null;
  readonly requested_by: string | null;
  readonly approved_by: string | null;
  readonly reason: string | null;
}

/** The columns of `TransferRow`, of `transfer` and what it refers to. */
export const TRANSFER_COLUMNS = `
  transfer.id, transfer.kind, transfer.seq, transfer.ledger_seq, transfer.amount_minor, debtor.currency,
  debtor.id AS debit_id, debtor_version, debtor_debits_posted, debtor_credits_posted, debtor_debits_pending, debtor_credits_pending,
  creditor.id AS credit_id, creditor_version,
  creditor_debits_posted, creditor_credits_posted, creditor_debits_pending, creditor_credits_pending,
  transfer.related_to, transfer.fx_rate, transfer.effective_at, transfer.committed_at,
  input.topic, input.partition, transfer.input_offset, transfer.decision_id, transfer.score,
  cause.actor, cause.model, cause.ruleset, cause.requested_by, cause.approved_by, cause.reason`;

/** What `transfer` refers to. To be put behind it in FROM. */
export const TRANSFER_JOINS = `
  LEFT JOIN ledger.accounts AS debtor ON debtor.number = transfer.debit_account
  LEFT JOIN ledger.accounts AS creditor ON creditor.number = transfer.credit_account
  LEFT JOIN ledger.inputs AS input ON input.number = transfer.input
  LEFT JOIN ledger.causes AS cause ON cause.number = transfer.cause`;

/** A transfer as the API shows it. */
export function transferOfRow(row: TransferRow): LedgerTransfer {
  return {
    transfer_id: `tr_${row.id}`,
    kind: row.kind,
    seq: Number(row.seq),
    ledger_seq: Number(row.ledger_seq),
    currency: row.currency,
    amount_minor: row.amount_minor,
    debit: sideOfRow(row, 'debit', 'debtor'),
    credit: sideOfRow(row, 'credit', 'creditor'),
    related_to: prefixed('tr', row.related_to),
    fx_rate: row.fx_rate,
    effective_at: toInstant(row.effective_at.getTime()),
    committed_at: toInstant(row.committed_at.getTime()),
    origin: { topic: row.topic, partition: row.partition, offset: row.input_offset },
    decision_id: prefixed('dec', row.decision_id),
    score: row.score,
    cause: {
      actor: row.actor,
      model: row.model,
      ruleset: row.ruleset,
      requested_by: row.requested_by,
      approved_by: row.approved_by,
      reason: row.reason,
    },
  };
}

function sideOfRow(row: TransferRow, side: 'debit' | 'credit', role: 'debtor' | 'creditor'): TransferSide {
  return {
    account_id: row[`${side}_id`],
    version: Number(row[`${role}_version`]),
    debits_posted: row[`${role}_debits_posted`],
    credits_posted: row[`${role}_credits_posted`],
    debits_pending: row[`${role}_debits_pending`],
    credits_pending: row[`${role}_credits_pending`],
  };
}

function prefixed(prefix: 'tr' | 'dec', uuid: string | null): string | null {
  return uuid === null ? null : `${prefix}_${uuid}`;
}
