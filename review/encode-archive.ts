import type { Decision } from '@trancendos/contracts/decision';
import { completeLabel, type Label } from '@trancendos/contracts/label';
import type { Outcome } from '@trancendos/contracts/outcome';
import { bigintColumn, booleanColumn, smallintColumn, textColumn, timestampColumn, uuidColumn } from '@trancendos/platform/encode-columns';
import { sumOutcomes } from './sum-outcomes.ts';

/** What is archived in one transaction. */
export interface ArchiveBatch {
  /** None of them archived before. */
  readonly outcomes: readonly Outcome[];
  readonly lateDecisions: readonly Decision[];
  readonly labels: readonly Label[];
}

// prettier-ignore
/** The parameters of `review.archive_batch`, in the order in which they are sent. */
const PARAMETERS = [
  'committed_ats', 'ledger_seqs', 'decision_ids', 'merchant_ids', 'transaction_ids', 'account_ids', 'card_tokens', 'terminal_ids',
  'occurred_ats', 'amounts', 'currencies', 'actions', 'scores', 'models', 'actors', 'degradeds', 'reasons', 'money_states', 'bodies', 'sums',
  'latencies', 'reason_counts', 'late_decision_ids', 'late_merchant_ids', 'late_transaction_ids', 'late_decided_ats', 'late_bodies',
  'label_ids', 'label_merchant_ids', 'label_transaction_ids', 'label_frauds', 'label_sources', 'label_kinds', 'label_maturities',
  'label_occurred_ats', 'label_known_ats', 'label_received_ats',
] as const;
type Parameter = (typeof PARAMETERS)[number];
type Value = string | Buffer;

/** The call that archives a batch. */
export const ARCHIVE_CALL = `SELECT review.archive_batch(${PARAMETERS.map((name, index) => `${name} => $${index + 1}`).join(', ')})`;

/** A batch as the parameters of `ARCHIVE_CALL`. */
export function encodeArchive({ outcomes, lateDecisions, labels }: ArchiveBatch): Value[] {
  const given: Record<Parameter, Value> = {
    ...decisionColumns(outcomes),
    ...sumsOf(outcomes),
    ...lateColumns(lateDecisions),
    ...labelColumns(labels),
  };
  return PARAMETERS.map((name) => given[name]);
}

function decisionColumns(outcomes: readonly Outcome[]) {
  return {
    committed_ats: timestampColumn(outcomes, ({ committed_at }) => Date.parse(committed_at)),
    ledger_seqs: bigintColumn(outcomes, ({ ledger_seq }) => ledger_seq),
    decision_ids: uuidColumn(outcomes, ({ decision_id }) => decision_id),
    merchant_ids: textColumn(outcomes, ({ transaction }) => transaction.merchant_id),
    transaction_ids: textColumn(outcomes, ({ transaction }) => transaction.transaction_id),
    account_ids: textColumn(outcomes, ({ transaction }) => transaction.payer.account_id ?? null),
    card_tokens: textColumn(outcomes, ({ transaction }) => transaction.payer.card_token ?? null),
    terminal_ids: textColumn(outcomes, ({ transaction }) => transaction.terminal_id ?? null),
    occurred_ats: timestampColumn(outcomes, ({ transaction }) => Date.parse(transaction.occurred_at)),
    amounts: bigintColumn(outcomes, ({ transaction }) => transaction.amount_minor),
    currencies: textColumn(outcomes, ({ transaction }) => transaction.currency),
    actions: textColumn(outcomes, ({ action }) => action),
    scores: smallintColumn(outcomes, ({ score, versions }) => (versions.model === null ? null : score)),
    models: textColumn(outcomes, ({ versions }) => versions.model),
    actors: textColumn(outcomes, ({ actor }) => actor),
    degradeds: booleanColumn(outcomes, ({ degraded }) => degraded),
    reasons: textColumn(outcomes, ({ reasons }) => `{${reasons.map(({ code }) => code).join(',')}}`),
    money_states: textColumn(outcomes, ({ money }) => money.state),
    bodies: textColumn(outcomes, (outcome) => JSON.stringify(outcome)),
  };
}

function sumsOf(outcomes: readonly Outcome[]) {
  const { decisions, latencies, reasons } = sumOutcomes(outcomes);
  return { sums: JSON.stringify(decisions), latencies: JSON.stringify(latencies), reason_counts: JSON.stringify(reasons) };
}

function lateColumns(decisions: readonly Decision[]) {
  return {
    late_decision_ids: uuidColumn(decisions, ({ decision_id }) => decision_id),
    late_merchant_ids: textColumn(decisions, ({ transaction }) => transaction.merchant_id),
    late_transaction_ids: textColumn(decisions, ({ transaction }) => transaction.transaction_id),
    late_decided_ats: timestampColumn(decisions, ({ decided_at }) => Date.parse(decided_at)),
    late_bodies: textColumn(decisions, (decision) => JSON.stringify(decision)),
  };
}

function labelColumns(labels: readonly Label[]) {
  return {
    label_ids: uuidColumn(labels, ({ label_id }) => label_id),
    label_merchant_ids: textColumn(labels, ({ merchant_id }) => merchant_id),
    label_transaction_ids: textColumn(labels, ({ transaction_id }) => transaction_id),
    label_frauds: booleanColumn(labels, ({ fraud }) => fraud),
    label_sources: textColumn(labels, ({ source }) => source),
    label_kinds: textColumn(labels, (label) => completeLabel(label).kind),
    label_maturities: textColumn(labels, (label) => completeLabel(label).maturity),
    label_occurred_ats: timestampColumn(labels, ({ occurred_at }) => Date.parse(occurred_at)),
    label_known_ats: timestampColumn(labels, ({ known_at }) => Date.parse(known_at)),
    label_received_ats: timestampColumn(labels, ({ received_at }) => Date.parse(received_at)),
  };
}
