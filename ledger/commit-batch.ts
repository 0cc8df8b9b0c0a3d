import type pg from 'pg';
import type { BatchEffects } from './batch.ts';
import { encodeColumn } from './encode-column.ts';
import { inputName, type Input, type Journal } from './journal.ts';
import type { Transfer } from './transfer.ts';

/** A batch as it is written. */
export interface BatchCommit {
  /** As the writer knows it, before this batch. */
  readonly journal: Journal;
  /** Up to where the batch takes each of its inputs. */
  readonly inputs: readonly Input[];
  readonly effects: BatchEffects;
  /** The outcomes as they are published: JSON, in order. */
  readonly bodies: readonly string[];
}

/**
 * Writes a batch in one call, which is one transaction: all of it, or nothing.
 *
 * Rejects with the driver's error: SQLSTATE LG001 when another writer has taken the journal over, LG002 when the tables are not as the
 * writer remembers them; `repeatsTransaction` tells a third case. After a lost connection or a timeout the batch may be written all the
 * same, and only `claimJournal` can tell.
 */
export async function commitBatch(pool: Pick<pg.Pool, 'query'>, commit: BatchCommit): Promise<void> {
  const columns = { ...inputColumns(commit), ...accountColumns(commit), ...transferColumns(commit), ...transactionColumns(commit) };
  const { journal, effects, bodies } = commit;
  const values: Record<string, string | number> = {
    writer_epoch: journal.epoch,
    expected_seq: journal.lastSeq,
    expected_transfer_seq: journal.lastTransferSeq,
    batch_committed_at: effects.committedAt,
    // JSON has no line feed of its own, so nothing needs escaping.
    outcome_lines: bodies.join('\n'),
  };
  for (const [name, column] of Object.entries(columns)) values[name] = encodeColumn(column);
  const parameters = Object.keys(values).map((name, index) => `${name} => $${index + 1}`);
  const text = `SELECT ledger.commit_batch(${parameters.join(', ')})`;
  await pool.query({ name: 'commit-batch', text, values: Object.values(values) });
}

/** True when the batch was refused because a transaction of it has been decided before. */
export function repeatsTransaction(error: unknown): boolean {
  if (!(error instanceof Error && 'code' in error && 'constraint' in error)) return false;
  return error.code === '23505' && error.constraint === 'transactions_pkey';
}

function inputColumns({ journal, inputs }: BatchCommit) {
  return {
    cursor_topics: inputs.map(({ topic }) => topic),
    cursor_partitions: inputs.map(({ partition }) => partition),
    cursor_expected_offsets: inputs.map((input) => journal.nextOffsets.get(inputName(input))?.nextOffset ?? null),
    cursor_next_offsets: inputs.map(({ nextOffset }) => nextOffset),
  };
}

function accountColumns({ effects }: BatchCommit) {
  const changes = [...effects.accounts.values()];
  const accounts = changes.map(({ after }) => after);
  return {
    account_ids: accounts.map(({ id }) => id),
    account_kinds: accounts.map(({ kind }) => kind),
    account_currencies: accounts.map(({ currency }) => currency),
    account_overdrafts: accounts.map(({ overdraftMinor }) => overdraftMinor),
    account_expected_versions: changes.map(({ before }) => before?.version ?? 0),
    account_versions: accounts.map(({ version }) => version),
    account_ledger_seqs: accounts.map(({ ledgerSeq }) => ledgerSeq),
    account_debits_posted: accounts.map(({ debitsPosted }) => debitsPosted),
    account_credits_posted: accounts.map(({ creditsPosted }) => creditsPosted),
    account_debits_pending: accounts.map(({ debitsPending }) => debitsPending),
    account_credits_pending: accounts.map(({ creditsPending }) => creditsPending),
  };
}

function transferColumns({ effects: { transfers } }: BatchCommit) {
  const column = <T>(value: (transfer: Transfer) => T): T[] => transfers.map(value);
  return {
    transfer_ids: column(({ id }) => uuidOf(id)),
    transfer_kinds: column(({ kind }) => kind),
    transfer_ledger_seqs: column(({ ledgerSeq }) => ledgerSeq),
    transfer_currencies: column(({ debtor }) => debtor.currency),
    transfer_amounts: column(({ amountMinor }) => amountMinor),
    transfer_expiries: column(({ expiresAt }) => expiresAt),
    transfer_debit_accounts: column(({ debtor }) => debtor.id),
    transfer_debtor_debits_posted: column(({ debtor }) => debtor.debitsPosted),
    transfer_debtor_credits_posted: column(({ debtor }) => debtor.creditsPosted),
    transfer_debtor_debits_pending: column(({ debtor }) => debtor.debitsPending),
    transfer_debtor_credits_pending: column(({ debtor }) => debtor.creditsPending),
    transfer_credit_accounts: column(({ creditor }) => creditor.id),
    transfer_creditor_debits_posted: column(({ creditor }) => creditor.debitsPosted),
    transfer_creditor_credits_posted: column(({ creditor }) => creditor.creditsPosted),
    transfer_creditor_debits_pending: column(({ creditor }) => creditor.debitsPending),
    transfer_creditor_credits_pending: column(({ creditor }) => creditor.creditsPending),
  };
}

function transactionColumns({ effects: { outcomes } }: BatchCommit) {
  return {
    transaction_merchant_ids: outcomes.map(({ transaction }) => transaction.merchant_id),
    transaction_ids: outcomes.map(({ transaction }) => transaction.transaction_id),
    transaction_decision_ids: outcomes.map(({ decision_id }) => decision_id),
    transaction_actions: outcomes.map(({ action }) => action),
    transaction_transfer_ids: outcomes.map(({ money }) => (money.transfer_id === null ? null : uuidOf(money.transfer_id))),
  };
}

/** `tr_<uuid>` as the database keeps it. */
function uuidOf(transferId: string): string {
  return transferId.slice('tr_'.length);
}
