import { TransferKind } from '@trancendos/contracts/transfer';
import type pg from 'pg';
import type { AccountChange, BatchEffects } from './entry.ts';
import { bigintColumn, intColumn, smallintColumn, textColumn, timestampColumn, uuidColumn } from '@trancendos/platform/encode-columns';
import { inputName, type Input } from './journal.ts';
import type { SealedBatch } from './seal-batch.ts';
import type { Cause, Origin, Transfer } from './transfer.ts';

// prettier-ignore
/** The parameters of `ledger.commit_batch`, in the order in which they are sent. */
const PARAMETERS = [
  'writer_epoch', 'expected_batch_seq', 'expected_seq', 'expected_transfer_seq', 'entry_count', 'new_account_number', 'new_cause_number',
  'batch_committed_at', 'batch_inputs', 'batch_merkle_root', 'batch_blocks', 'batch_previous_hash', 'batch_hash', 'input_numbers', 'input_topics',
  'input_partitions', 'input_expected_offsets', 'input_next_offsets', 'account_terms', 'account_numbers', 'account_expected_versions',
  'account_versions', 'account_ledger_seqs', 'account_debits_posted', 'account_credits_posted', 'account_debits_pending',
  'account_credits_pending', 'new_causes', 'transfer_ids', 'transfer_kinds', 'transfer_ledger_seqs', 'transfer_amounts',
  'transfer_debit_accounts', 'transfer_debtor_debits_posted', 'transfer_debtor_credits_posted', 'transfer_debtor_debits_pending',
  'transfer_debtor_credits_pending', 'transfer_debtor_versions', 'transfer_credit_accounts', 'transfer_creditor_debits_posted',
  'transfer_creditor_credits_posted', 'transfer_creditor_debits_pending', 'transfer_creditor_credits_pending',
  'transfer_creditor_versions', 'transfer_effective_ats', 'transfer_inputs', 'transfer_input_offsets', 'transfer_causes',
  'transfer_scores', 'transfer_relations', 'transfer_decisions', 'transfer_rates', 'hold_ids', 'hold_debit_accounts',
  'hold_credit_accounts', 'hold_amounts', 'hold_remainings', 'hold_captureds', 'hold_placed_ats', 'hold_expires_ats', 'hold_placed_seqs',
  'hold_ledger_seqs', 'hold_statuses', 'hold_policies', 'hold_merchant_ids', 'hold_transaction_ids', 'reversal_ids', 'reversal_amounts',
  'reversal_ledger_seqs', 'transaction_merchant_ids', 'transaction_ids', 'transaction_ledger_seqs', 'transaction_transfer_ids',
  'transaction_decision_ids', 'transaction_actions', 'command_ids', 'command_ledger_seqs', 'command_kinds', 'command_results',
  'command_bodies', 'command_outcomes', 'outbox_accounts', 'outbox_body',
] as const;
const TEXT = `SELECT ledger.commit_batch(${PARAMETERS.map((name, index) => `${name} => $${index + 1}`).join(', ')})`;

/** SQLSTATE of a commit that is refused because another writer has taken the journal over. */
export const FENCED = 'LG001';

type Parameter = (typeof PARAMETERS)[number];
type Value = string | number | Buffer | null;

/**
 * Writes a batch in one call, which is one transaction: all of it, or nothing.
 *
 * Rejects with the driver's error: SQLSTATE LG001 when another writer has taken the journal over, LG002 when the tables are not as the
 * writer remembers them, 40001 when the batch before was not written; `repeatsKnown` tells another case. After a lost connection or a
 * timeout the batch may be written all the same, and only `claimJournal` can tell.
 */
export async function commitBatch(pool: Pick<pg.Pool, 'query'>, call: CommitCall): Promise<void> {
  await pool.query({ name: 'commit-batch', text: TEXT, values: [...call.values] });
}

/** A batch in the form that the driver sends. */
export interface CommitCall {
  readonly values: readonly Value[];
}

/** Encodes a batch: the part of a commit that needs no database, done while the one before is under way. */
export function encodeCommit(batch: SealedBatch): CommitCall {
  const given: Record<Parameter, Value> = {
    ...positionValues(batch),
    ...accountValues(batch.effects),
    ...transferValues(batch),
    ...holdValues(batch),
    ...decidedValues(batch.effects),
    outbox_body: batch.lines.join('\n'),
  };
  return { values: PARAMETERS.map((name) => given[name]) };
}

/** True when the batch was refused, and nothing of it written, because something in it has been decided before. */
export function repeatsKnown(error: unknown): boolean {
  if (!(error instanceof Error && 'code' in error && 'constraint' in error && error.code === '23505')) return false;
  return /^(transactions_pkey|commands_pkey|transfers_\w+_pkey)$/.test(String(error.constraint));
}

function positionValues({ before, after, inputs, effects, merkleRoot, blocks }: SealedBatch) {
  return {
    writer_epoch: before.epoch,
    expected_batch_seq: before.lastBatchSeq,
    expected_seq: before.lastSeq,
    expected_transfer_seq: before.lastTransferSeq,
    entry_count: effects.entries,
    new_account_number: after.lastAccountNumber,
    new_cause_number: after.lastCauseNumber,
    batch_committed_at: effects.committedAt,
    batch_inputs: JSON.stringify(inputs.map(({ topic, partition, nextOffset }) => [topic, partition, String(nextOffset)])),
    batch_merkle_root: merkleRoot,
    batch_blocks: blocks,
    batch_previous_hash: before.lastHash,
    batch_hash: after.lastHash,
    input_numbers: smallintColumn(inputs, ({ number }) => number),
    input_topics: textColumn(inputs, ({ topic }) => topic),
    input_partitions: intColumn(inputs, ({ partition }) => partition),
    input_expected_offsets: bigintColumn(inputs, (input) => before.inputs.get(inputName(input))?.nextOffset ?? null),
    input_next_offsets: bigintColumn(inputs, ({ nextOffset }) => nextOffset),
    new_causes: effects.causes.length === 0 ? null : JSON.stringify(effects.causes.map(causeRow)),
  };
}

function accountValues({ accounts, termsChanged }: BatchEffects) {
  const changes = [...accounts.values()];
  const terms = changes.filter(({ after }) => termsChanged.has(after.id));
  const counters = terms.length === 0 ? changes : changes.filter(({ after }) => !termsChanged.has(after.id));
  return {
    account_terms: terms.length === 0 ? null : JSON.stringify(terms.map(termsRow)),
    account_numbers: bigintColumn(counters, ({ after }) => after.number),
    account_expected_versions: bigintColumn(counters, ({ before }) => before?.version ?? 0),
    account_versions: bigintColumn(counters, ({ after }) => after.version),
    account_ledger_seqs: bigintColumn(counters, ({ after }) => after.ledgerSeq),
    account_debits_posted: bigintColumn(counters, ({ after }) => after.debitsPosted),
    account_credits_posted: bigintColumn(counters, ({ after }) => after.creditsPosted),
    account_debits_pending: bigintColumn(counters, ({ after }) => after.debitsPending),
    account_credits_pending: bigintColumn(counters, ({ after }) => after.creditsPending),
    outbox_accounts: bigintColumn(changes, ({ after }) => after.number),
  };
}

/** An account that is new or under changed terms, whole. Counters as digits: JSON numbers would lose the last of them. */
function termsRow({ before, after }: AccountChange) {
  return {
    number: after.number,
    id: after.id,
    kind: after.kind,
    currency: after.currency,
    debits_posted: String(after.debitsPosted),
    credits_posted: String(after.creditsPosted),
    debits_pending: String(after.debitsPending),
    credits_pending: String(after.creditsPending),
    overdraft_minor: after.overdraftMinor === null ? null : String(after.overdraftMinor),
    status: after.status,
    on_expiry: after.onExpiry,
    velocity: after.velocity.length === 0 ? null : after.velocity,
    metadata: Object.keys(after.metadata).length === 0 ? null : after.metadata,
    version: after.version,
    expected: before?.version ?? 0,
    ledger_seq: after.ledgerSeq,
  };
}

function causeRow({ number, actor, model, ruleset, requestedBy, approvedBy, reason }: Cause) {
  return { number, actor, model, ruleset, requested_by: requestedBy, approved_by: approvedBy, reason };
}

/** Places in the enumeration `ledger.transfer_kind`, from 1. */
const KIND_PLACE = new Map(TransferKind.options.map((kind, index) => [kind, index + 1]));

function transferValues({ effects: { transfers }, after }: SealedBatch) {
  const inputOf = inputNumbers(after.inputs);
  return {
    transfer_ids: uuidColumn(transfers, ({ id }) => id),
    transfer_kinds: smallintColumn(transfers, ({ kind }) => KIND_PLACE.get(kind) ?? null),
    transfer_ledger_seqs: bigintColumn(transfers, ({ ledgerSeq }) => ledgerSeq),
    transfer_amounts: bigintColumn(transfers, ({ amountMinor }) => amountMinor),
    transfer_debit_accounts: bigintColumn(transfers, ({ debtor }) => debtor.number),
    transfer_debtor_debits_posted: bigintColumn(transfers, ({ debtor }) => debtor.debitsPosted),
    transfer_debtor_credits_posted: bigintColumn(transfers, ({ debtor }) => debtor.creditsPosted),
    transfer_debtor_debits_pending: bigintColumn(transfers, ({ debtor }) => debtor.debitsPending),
    transfer_debtor_credits_pending: bigintColumn(transfers, ({ debtor }) => debtor.creditsPending),
    transfer_debtor_versions: bigintColumn(transfers, ({ debtor }) => debtor.version),
    transfer_credit_accounts: bigintColumn(transfers, ({ creditor }) => creditor.number),
    transfer_creditor_debits_posted: bigintColumn(transfers, ({ creditor }) => creditor.debitsPosted),
    transfer_creditor_credits_posted: bigintColumn(transfers, ({ creditor }) => creditor.creditsPosted),
    transfer_creditor_debits_pending: bigintColumn(transfers, ({ creditor }) => creditor.debitsPending),
    transfer_creditor_credits_pending: bigintColumn(transfers, ({ creditor }) => creditor.creditsPending),
    transfer_creditor_versions: bigintColumn(transfers, ({ creditor }) => creditor.version),
    transfer_effective_ats: timestampColumn(transfers, ({ effectiveAtMs }) => effectiveAtMs),
    transfer_inputs: smallintColumn(transfers, ({ origin }) => inputOf(origin)),
    transfer_input_offsets: bigintColumn(transfers, ({ origin }) => origin.offset),
    transfer_causes: intColumn(transfers, ({ cause }) => cause.number),
    transfer_scores: smallintColumn(unlessUnset(transfers, 'score'), ({ score }) => score),
    transfer_relations: uuidColumn(unlessUnset(transfers, 'relatedTo'), ({ relatedTo }) => relatedTo),
    transfer_decisions: uuidColumn(unlessUnset(transfers, 'decisionId'), ({ decisionId }) => decisionId),
    transfer_rates: textColumn(unlessUnset(transfers, 'fxRate'), ({ fxRate }) => fxRate),
  };
}

/**
 * The transfers, or none where nothing is set in that field of any: a column that most batches have nothing in is then sent empty, and
 * `unnest` in a select list makes up for what is missing with null.
 */
function unlessUnset(transfers: readonly Transfer[], field: 'score' | 'relatedTo' | 'decisionId' | 'fxRate'): readonly Transfer[] {
  return transfers.some((transfer) => transfer[field] !== null) ? transfers : [];
}

/** Looks inputs up. One after the other is mostly of the same, so the last is kept at hand. */
function inputNumbers(inputs: ReadonlyMap<string, Input>): (origin: Origin) => number | null {
  let last: Input | undefined;
  return (origin) => {
    if (last?.topic !== origin.topic || last.partition !== origin.partition) last = inputs.get(inputName(origin));
    return last?.number ?? null;
  };
}

function holdValues({ effects }: SealedBatch) {
  const holds = [...effects.holds.values()];
  const reversals = [...effects.reversals];
  const numberOf = (id: string) => effects.accounts.get(id)?.after.number ?? null;
  return {
    hold_ids: uuidColumn(holds, ({ id }) => id),
    hold_debit_accounts: bigintColumn(holds, ({ debitId }) => numberOf(debitId)),
    hold_credit_accounts: bigintColumn(holds, ({ creditId }) => numberOf(creditId)),
    hold_amounts: bigintColumn(holds, ({ amountMinor }) => amountMinor),
    hold_remainings: bigintColumn(holds, ({ remainingMinor }) => remainingMinor),
    hold_captureds: bigintColumn(holds, ({ capturedMinor }) => capturedMinor),
    hold_placed_ats: timestampColumn(holds, ({ placedAtMs }) => placedAtMs),
    hold_expires_ats: timestampColumn(holds, ({ expiresAtMs }) => expiresAtMs),
    hold_placed_seqs: bigintColumn(holds, ({ placedSeq }) => placedSeq),
    hold_ledger_seqs: bigintColumn(holds, ({ ledgerSeq }) => ledgerSeq),
    hold_statuses: textColumn(holds, ({ status }) => status),
    hold_policies: textColumn(holds, ({ onExpiry }) => onExpiry),
    hold_merchant_ids: textColumn(holds, ({ merchantId }) => merchantId),
    hold_transaction_ids: textColumn(holds, ({ transactionId }) => transactionId),
    reversal_ids: uuidColumn(reversals, ([id]) => id),
    reversal_amounts: bigintColumn(reversals, ([, { reversedMinor }]) => reversedMinor),
    reversal_ledger_seqs: bigintColumn(reversals, ([, { ledgerSeq }]) => ledgerSeq),
  };
}

function decidedValues({ transactions, commands }: BatchEffects) {
  return {
    transaction_merchant_ids: textColumn(transactions, ({ merchantId }) => merchantId),
    transaction_ids: textColumn(transactions, ({ transactionId }) => transactionId),
    transaction_ledger_seqs: bigintColumn(transactions, ({ ledgerSeq }) => ledgerSeq),
    transaction_transfer_ids: uuidColumn(transactions, ({ transferId }) => transferId),
    transaction_decision_ids: textColumn(transactions, ({ decisionId }) => decisionId),
    transaction_actions: textColumn(transactions, ({ action }) => action),
    command_ids: uuidColumn(commands, ({ decided }) => decided.command.command_id),
    command_ledger_seqs: bigintColumn(commands, ({ ledgerSeq }) => ledgerSeq),
    command_kinds: textColumn(commands, ({ decided }) => decided.command.kind),
    command_results: textColumn(commands, ({ decided }) => decided.outcome.code ?? 'applied'),
    command_bodies: textColumn(commands, ({ decided }) => JSON.stringify(decided.command)),
    command_outcomes: textColumn(commands, ({ decided }) => JSON.stringify(decided.outcome)),
  };
}
