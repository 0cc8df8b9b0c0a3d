import type { DecisionLine } from '@trancendos/contracts/archive';

/** What a line of a list is made of, body and all that is long left out. */
export const DECISION_COLUMNS = `
  committed_at, ledger_seq, decision_id, merchant_id, transaction_id, account_id, card_token, terminal_id, occurred_at, amount_minor, currency,
  action, score, model, actor, degraded, reason_codes, money_state, label_fraud, label_kind, label_maturity, measured_fraud`;

type Same = 'merchant_id' | 'transaction_id' | 'account_id' | 'card_token' | 'terminal_id' | 'currency' | 'action' | 'score' | 'model';
type Label = NonNullable<DecisionLine['label']>;

/** A row of `review.decisions` as the driver gives it. */
export interface DecisionRow extends Pick<DecisionLine, Same | 'actor' | 'degraded' | 'money_state'> {
  readonly committed_at: Date;
  readonly ledger_seq: string;
  readonly decision_id: string;
  readonly occurred_at: Date;
  readonly amount_minor: string;
  readonly reason_codes: string[];
  readonly label_fraud: boolean | null;
  readonly label_kind: Label['kind'] | null;
  readonly label_maturity: Label['maturity'] | null;
  readonly measured_fraud: boolean | null;
}

export function lineOfRow(row: DecisionRow): DecisionLine {
  const { merchant_id, transaction_id, account_id, card_token, terminal_id, currency, action, score, model, actor, degraded } = row;
  return {
    decision_id: `dec_${row.decision_id}`,
    ...{ merchant_id, transaction_id, account_id, card_token, terminal_id, currency, action, score, model, actor, degraded },
    amount_minor: Number(row.amount_minor),
    reasons: row.reason_codes,
    money_state: row.money_state,
    label: labelOf(row),
    occurred_at: row.occurred_at.toISOString(),
    committed_at: row.committed_at.toISOString(),
    ledger_seq: Number(row.ledger_seq),
  };
}

function labelOf({ label_fraud: fraud, label_kind: kind, label_maturity: maturity }: DecisionRow): Label | null {
  return fraud === null || kind === null || maturity === null ? null : { fraud, kind, maturity };
}
