import type { LedgerCommand, Leg } from '@trancendos/contracts/ledger-command';
import type { TransferKind } from '@trancendos/contracts/transfer';
import type pg from 'pg';
import { ACCOUNT_COLUMNS, accountOfRow, type AccountRow } from './account-row.ts';
import { textColumn, uuidColumn } from '@trancendos/platform/encode-columns';
import type { CommandEntry, DecisionEntry, Entry } from './entry.ts';
import { findCommands } from './find-commands.ts';
import { findHolds } from './find-holds.ts';
import { transactionKey, type LedgerState, type Reversible } from './ledger-state.ts';
import { nameAccounts, nameExchange } from './name-accounts.ts';
import { countsFromMs, SPENDS_MAX, SpendWindow, type Spend } from './spend-window.ts';
import { timeOfId } from './time-of-id.ts';

type Pool = Pick<pg.Pool, 'query'>;

export interface LoadOptions {
  readonly pool: Pool;
  /** The commit time of the batch, in milliseconds since the epoch. */
  readonly atMs: number;
  /** Looks for everything, whatever memory claims to know: a commit has shown that it does not. */
  readonly doubt?: boolean;
  /** Resolves when what was applied before is committed: only then can the database tell what an account has paid. */
  readonly settled: () => Promise<void>;
}

/**
 * Puts everything that `entries` name into `state`, unless it is there or does not exist. Nothing is read where memory has it all, which is
 * nearly always; else at most one read of each kind.
 *
 * What is not in memory is in no commit that is under way, because memory keeps what is not committed: so it may be read at any time.
 */
export async function loadKnown(state: LedgerState, entries: readonly Entry[], options: LoadOptions): Promise<void> {
  const named = namesOf(state, entries);
  await loadDecided(state, entries, options);
  await loadHolds(state, named, options);
  await loadReversibles(state, named, options);
  await loadAccounts(state, named, options);
  await loadSpends(state, named, options);
}

/** What a batch names, by id. */
class Names {
  /** Accounts that memory lacks. */
  readonly accounts = new Set<string>();
  readonly holds = new Set<string>();
  readonly transfers = new Set<string>();
  /** Accounts under velocity limits, or that this batch may put there. */
  readonly limited = new Set<string>();
  readonly #state: LedgerState;

  constructor(state: LedgerState) {
    this.#state = state;
  }

  account(id: string): void {
    const isLimited = this.#state.accounts.isLimited(id);
    if (isLimited === undefined) this.accounts.add(id);
    else if (isLimited) this.limited.add(id);
  }
}

function namesOf(state: LedgerState, entries: readonly Entry[]): Names {
  const names = new Names(state);
  for (const entry of entries) {
    if (entry.kind === 'decision') {
      const { payer, merchant, funding } = nameAccounts(entry.decision.transaction);
      for (const { id } of [payer, merchant, funding]) names.account(id);
    } else if (entry.kind === 'command') nameCommand(names, entry.command);
    else for (const id of entry.holdIds) names.holds.add(id);
  }
  return names;
}

function nameCommand(names: Names, command: LedgerCommand): void {
  switch (command.kind) {
    case 'open_account':
    case 'set_terms':
    case 'set_status':
      names.account(command.account_id);
      if (command.kind !== 'set_status' && command.velocity) names.limited.add(command.account_id);
      return;
    case 'exchange':
      names.account(command.debit_account_id);
      names.account(command.credit_account_id);
      for (const currency of [command.currency, command.target_currency]) names.account(nameExchange(currency).id);
      return;
    case 'linked':
      for (const leg of command.legs) nameLeg(names, leg);
      return;
    default:
      nameLeg(names, command);
  }
}

function nameLeg(names: Names, leg: Leg): void {
  switch (leg.kind) {
    case 'post':
    case 'hold':
      names.account(leg.debit_account_id);
      names.account(leg.credit_account_id);
      return;
    case 'capture':
    case 'void':
      names.holds.add(leg.hold_id);
      return;
    case 'reverse':
      names.transfers.add(leg.transfer_id);
  }
}

/** Commands and transactions that may have been decided so long ago that memory has let them go. */
async function loadDecided(state: LedgerState, entries: readonly Entry[], { pool, doubt = false }: LoadOptions): Promise<void> {
  const asksForCommand = (entry: Entry): entry is CommandEntry => {
    if (entry.kind !== 'command') return false;
    const id = entry.command.command_id;
    const mayBeKnown = doubt || state.decidedCommands.has(id) || state.decidedCommands.mayHaveForgotten(timeOfId(id));
    return mayBeKnown && !state.commands.has(id);
  };
  const isOldDecision = (entry: Entry): entry is DecisionEntry => {
    if (entry.kind !== 'decision') return false;
    const { merchant_id, transaction_id, received_at } = entry.decision.transaction;
    if (state.decided.has(transactionKey(merchant_id, transaction_id))) return false;
    return doubt || state.decided.mayHaveForgotten(Date.parse(received_at));
  };
  const commands = entries.filter(asksForCommand).map(({ command }) => command.command_id);
  for (const known of await findCommands(pool, commands)) {
    const id = known.command.command_id;
    const placed = { ledgerSeq: known.outcome.ledger_seq ?? 0, madeAtMs: timeOfId(id) };
    state.commands.add(id, known, placed);
    state.decidedCommands.add(id, placed);
  }
  const transactions = entries.filter(isOldDecision).map(({ decision }) => decision.transaction);
  if (transactions.length === 0) return;
  const { rows } = await pool.query<{ merchant_id: string; transaction_id: string }>({
    name: 'find-transactions',
    text: 'SELECT merchant_id, transaction_id FROM ledger.find_transactions($1, $2)',
    values: [textColumn(transactions, (one) => one.merchant_id), textColumn(transactions, (one) => one.transaction_id)],
  });
  for (const { merchant_id, transaction_id } of rows) {
    state.decided.add(transactionKey(merchant_id, transaction_id), true, { ledgerSeq: 0, madeAtMs: 0 });
  }
}

async function loadHolds(state: LedgerState, names: Names, { pool }: LoadOptions): Promise<void> {
  const missing = [...names.holds].filter((id) => !state.holds.has(id));
  for (const hold of await findHolds(pool, missing)) state.holds.set(hold.id, hold);
  for (const id of names.holds) {
    const hold = state.holds.get(id);
    if (!hold) continue;
    names.account(hold.debitId);
    names.account(hold.creditId);
  }
}

interface ReversibleRow {
  readonly id: string;
  readonly kind: TransferKind;
  readonly debit_id: string;
  readonly credit_id: string;
  readonly amount_minor: string;
  readonly reversed_minor: string;
  readonly reversal_seq: string;
}

function reversibleOfRow(row: ReversibleRow): Reversible {
  return {
    id: `tr_${row.id}`,
    kind: row.kind,
    debitId: row.debit_id,
    creditId: row.credit_id,
    amountMinor: BigInt(row.amount_minor),
    reversedMinor: BigInt(row.reversed_minor),
    ledgerSeq: Number(row.reversal_seq),
  };
}

async function loadReversibles(state: LedgerState, names: Names, { pool }: LoadOptions): Promise<void> {
  const missing = [...names.transfers].filter((id) => !state.reversibles.has(id));
  if (missing.length > 0) {
    const { rows } = await pool.query<ReversibleRow>({
      name: 'find-reversibles',
      text: 'SELECT id, kind, debit_id, credit_id, amount_minor, reversed_minor, reversal_seq FROM ledger.find_transfers($1)',
      values: [uuidColumn(missing, (id) => id)],
    });
    for (const transfer of rows.map(reversibleOfRow)) state.reversibles.add(transfer.id, transfer, { ledgerSeq: 0, madeAtMs: 0 });
  }
  for (const id of names.transfers) {
    const transfer = state.reversibles.get(id);
    if (!transfer) continue;
    names.account(transfer.debitId);
    names.account(transfer.creditId);
  }
}

async function loadAccounts({ accounts }: LedgerState, names: Names, { pool }: LoadOptions): Promise<void> {
  const missing = [...names.accounts];
  if (missing.length === 0) return;
  const { rows } = await pool.query<AccountRow>({
    name: 'find-accounts',
    text: `SELECT ${ACCOUNT_COLUMNS} FROM ledger.find_accounts($1)`,
    values: [textColumn(missing, (id) => id)],
  });
  for (const row of rows) {
    accounts.set(accountOfRow(row));
    names.account(row.id);
  }
}

/** What limited accounts have paid in the longest window, and accounts that the batch puts under limits. */
async function loadSpends(state: LedgerState, names: Names, { pool, atMs, settled }: LoadOptions): Promise<void> {
  const missing = [...names.limited].filter((id) => !state.spends.has(id));
  if (missing.length === 0) return;
  await settled();
  const { rows } = await pool.query<{ account_id: string; committed_at: Date; amount_minor: string }>({
    name: 'find-spends',
    text: 'SELECT account_id, committed_at, amount_minor FROM ledger.find_spends($1, $2, $3)',
    values: [textColumn(missing, (id) => id), new Date(countsFromMs(atMs)), SPENDS_MAX],
  });
  const spends = new Map(missing.map((id): [string, Spend[]] => [id, []]));
  for (const { account_id, committed_at, amount_minor } of rows.reverse()) {
    spends.get(account_id)?.push({ atMs: committed_at.getTime(), amountMinor: BigInt(amount_minor) });
  }
  for (const [id, paid] of spends) state.spends.set(id, new SpendWindow(paid));
}
