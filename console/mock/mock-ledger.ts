import { createHash } from 'node:crypto';
import type { Balance } from '@trancendos/contracts/balance';
import type { LedgerAccount, LedgerBatch, LedgerHold, LedgerTransfer, StatementLine, TransferProof } from '@trancendos/contracts/ledger';
import type { Currency } from '@trancendos/contracts/money';
import { batchHashText, transferLeafText } from '@trancendos/contracts/transfer-leaf';
import { makeId } from './make-id.ts';
import type { SeededRandom } from './seeded-random.ts';

interface Counters {
  debitsPosted: bigint;
  creditsPosted: bigint;
  debitsPending: bigint;
  creditsPending: bigint;
  version: number;
}

interface Account extends Counters {
  readonly id: string;
  readonly currency: Currency;
  readonly openedAtMs: number;
  committedAtMs: number;
  ledgerSeq: number;
}

export interface Movement {
  readonly kind: LedgerTransfer['kind'];
  readonly debitId: string;
  readonly creditId: string;
  readonly amountMinor: number;
  readonly atMs: number;
  readonly relatedTo?: string;
  readonly score?: number;
  /** The payment that it is made for. */
  readonly payment?: { readonly decisionId: string; readonly transactionId: string };
}

const BATCH_TRANSFERS = 6;
const HOLD_MS = 24 * 3_600_000;
const OVERDRAFT = 200_000n;
const NOBODY = { model: null, ruleset: null, requested_by: null, approved_by: null, reason: null };
const ASKED = { decision_id: null, cause: { actor: 'merchant', ...NOBODY } };
const ASKED_FOR = { capture: ASKED, void: ASKED, reversal: ASKED, opening: { decision_id: null, cause: { actor: 'policy', ...NOBODY } } };
const DECIDED = { ...NOBODY, actor: 'luminous', model: 'luminous-3', ruleset: 'default-4' };
const digits = (value: bigint) => value.toString();
const at = (atMs: number) => new Date(atMs).toISOString();
const sha256 = (...parts: readonly (string | Uint8Array)[]) => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
};

/** A ledger in memory that keeps its books as the real one does: double entries, holds, and a hash chain whose proofs verify. */
export class MockLedger {
  readonly transfers: LedgerTransfer[] = [];
  readonly holds = new Map<string, LedgerHold>();
  /** The merchant's own id of the payment that a transfer was made for. */
  readonly #transactionIds = new Map<string, string>();
  readonly #accounts = new Map<string, Account>();
  readonly #batches: LedgerBatch[] = [];
  readonly #random: SeededRandom;

  constructor(random: SeededRandom) {
    this.#random = random;
  }

  /** Moves money, or reserves it, and gives the transfer. */
  move(movement: Movement): LedgerTransfer {
    const { kind, debitId, creditId, amountMinor, atMs } = movement;
    const debit = this.#open(debitId, atMs);
    const credit = this.#open(creditId, atMs);
    const amount = BigInt(amountMinor);
    if (kind === 'hold') {
      debit.debitsPending += amount;
      credit.creditsPending += amount;
    } else {
      if (kind === 'capture' || kind === 'void') {
        debit.debitsPending -= amount;
        credit.creditsPending -= amount;
      }
      if (kind !== 'void') {
        debit.debitsPosted += amount;
        credit.creditsPosted += amount;
      }
    }
    const seq = this.transfers.length + 1;
    for (const account of [debit, credit]) Object.assign(account, { version: account.version + 1, committedAtMs: atMs, ledgerSeq: seq });
    const transfer = this.#describe(movement, seq, { debit, credit });
    this.transfers.push(transfer);
    const transactionId = movement.payment?.transactionId ?? null;
    if (transactionId !== null) this.#transactionIds.set(transfer.transfer_id, transactionId);
    if (kind === 'hold') this.holds.set(transfer.transfer_id, describeHold(transfer, atMs, transactionId));
    else this.#settleHold(movement, amount);
    if (this.transfers.length % BATCH_TRANSFERS === 0) this.#closeBatch();
    return transfer;
  }

  accounts(): LedgerAccount[] {
    return [...this.#accounts.values()].map(showAccount);
  }

  account(id: string): LedgerAccount | undefined {
    const account = this.#accounts.get(id);
    return account && showAccount(account);
  }

  balance(id: string): Balance | undefined {
    const account = this.#accounts.get(id);
    return account && showBalance(account);
  }

  /** What all accounts of a currency add up to. */
  sums(currency: Currency) {
    const own = [...this.#accounts.values()].filter((account) => account.currency === currency);
    const sum = (count: (account: Account) => bigint) => digits(own.reduce((total, account) => total + count(account), 0n));
    return {
      currency,
      debits_posted: sum(({ debitsPosted }) => debitsPosted),
      credits_posted: sum(({ creditsPosted }) => creditsPosted),
      debits_pending: sum(({ debitsPending }) => debitsPending),
      credits_pending: sum(({ creditsPending }) => creditsPending),
    };
  }

  /** The lines of an account, newest first. */
  statement(id: string): StatementLine[] {
    return this.transfers
      .filter(({ debit, credit }) => debit.account_id === id || credit.account_id === id)
      .map((transfer) => showLine(transfer, id, this.#transactionIds.get(transfer.transfer_id) ?? null))
      .reverse();
  }

  /** What was made for a payment whose transfer is `transferId`, and what followed from that, oldest first. */
  trail(transferId: string): LedgerTransfer[] {
    return this.transfers.filter(({ transfer_id, related_to }) => transfer_id === transferId || related_to === transferId);
  }

  /** Of a transfer whose batch is closed; the newest ones wait for theirs. */
  proof(transferId: string): TransferProof | undefined {
    const transfer = this.transfers.find(({ transfer_id }) => transfer_id === transferId);
    const batch = transfer && this.#batches[Math.floor((transfer.seq - 1) / BATCH_TRANSFERS)];
    if (!batch) return undefined;
    const leaves = this.#leavesOf(batch);
    const index = transfer.seq - batch.first_transfer_seq;
    const leaf = leaves[index];
    if (!leaf) return undefined;
    return {
      transfer,
      leaf_hash: leaf.toString('hex'),
      leaf_index: index,
      tree_size: leaves.length,
      path: pathOf(leaves, index).map((hash) => hash.toString('hex')),
      batch,
    };
  }

  #open(id: string, atMs: number): Account {
    const known = this.#accounts.get(id);
    if (known) return known;
    const currency = id.slice(-3) as Currency;
    const zero = { debitsPosted: 0n, creditsPosted: 0n, debitsPending: 0n, creditsPending: 0n };
    const account: Account = { id, currency, openedAtMs: atMs, committedAtMs: atMs, ledgerSeq: 0, version: 0, ...zero };
    this.#accounts.set(id, account);
    return account;
  }

  #describe(movement: Movement, seq: number, { debit, credit }: { debit: Account; credit: Account }): LedgerTransfer {
    const { kind, amountMinor, atMs, relatedTo, score, payment } = movement;
    const isCommand = kind === 'capture' || kind === 'void' || kind === 'reversal';
    return {
      transfer_id: makeId('tr', atMs, this.#random),
      kind,
      seq,
      ledger_seq: seq,
      currency: debit.currency,
      amount_minor: String(amountMinor),
      debit: sideOf(debit),
      credit: sideOf(credit),
      related_to: relatedTo ?? null,
      fx_rate: null,
      effective_at: at(atMs),
      committed_at: at(atMs),
      origin: { topic: isCommand ? 'ledger-commands.v1' : 'decisions.v1', partition: 0, offset: String(seq) },
      score: score ?? null,
      ...(isCommand || kind === 'opening' ? ASKED_FOR[kind] : { decision_id: payment?.decisionId ?? null, cause: DECIDED }),
    };
  }

  #settleHold({ kind, relatedTo, atMs }: Movement, amount: bigint): void {
    const hold = relatedTo === undefined ? undefined : this.holds.get(relatedTo);
    if (!hold || relatedTo === undefined) return;
    const isCapture = kind === 'capture';
    this.holds.set(relatedTo, {
      ...hold,
      status: isCapture ? 'captured' : 'voided',
      remaining_minor: '0',
      captured_minor: isCapture ? digits(amount) : '0',
      changed_at: at(atMs),
    });
  }

  #closeBatch(): void {
    const transfers = this.transfers.slice(-BATCH_TRANSFERS);
    const last = transfers.at(-1);
    if (!last) return;
    const previous = this.#batches.at(-1);
    const draft: LedgerBatch = {
      batch_seq: this.#batches.length + 1,
      epoch: 1,
      first_ledger_seq: last.ledger_seq - BATCH_TRANSFERS + 1,
      entries: BATCH_TRANSFERS,
      first_transfer_seq: last.seq - BATCH_TRANSFERS + 1,
      transfers: BATCH_TRANSFERS,
      committed_at: last.committed_at,
      inputs: [['decisions.v1', 0, String(last.seq + 1)]],
      merkle_root: '',
      previous_hash: previous?.hash ?? '0'.repeat(64),
      hash: '',
    };
    const rooted = { ...draft, merkle_root: rootOf(this.#leavesOf(draft)).toString('hex') };
    this.#batches.push({ ...rooted, hash: sha256(Uint8Array.of(2), batchHashText(rooted)).toString('hex') });
  }

  #leavesOf({ first_transfer_seq, transfers }: LedgerBatch): Buffer[] {
    return this.transfers
      .slice(first_transfer_seq - 1, first_transfer_seq - 1 + transfers)
      .map((transfer) => sha256(Uint8Array.of(0), transferLeafText(transfer)));
  }
}

function splitAt(size: number): number {
  let power = 1;
  while (power * 2 < size) power *= 2;
  return power;
}

function rootOf(leaves: readonly Buffer[]): Buffer {
  const [only] = leaves;
  if (leaves.length === 1 && only) return only;
  const middle = splitAt(leaves.length);
  return sha256(Uint8Array.of(1), rootOf(leaves.slice(0, middle)), rootOf(leaves.slice(middle)));
}

function pathOf(leaves: readonly Buffer[], index: number): Buffer[] {
  if (leaves.length <= 1) return [];
  const middle = splitAt(leaves.length);
  const [left, right] = [leaves.slice(0, middle), leaves.slice(middle)];
  return index < middle ? [...pathOf(left, index), rootOf(right)] : [...pathOf(right, index - middle), rootOf(left)];
}

const countersOf = (account: Counters) => ({
  debits_posted: digits(account.debitsPosted),
  credits_posted: digits(account.creditsPosted),
  debits_pending: digits(account.debitsPending),
  credits_pending: digits(account.creditsPending),
});

const sideOf = (account: Account) => ({ account_id: account.id, version: account.version, ...countersOf(account) });

function showBalance(account: Account): Balance {
  const kind = account.id.split(':', 1)[0] as Balance['kind'];
  const isLimited = kind === 'customer';
  const free = account.creditsPosted - account.debitsPosted - account.debitsPending + OVERDRAFT;
  return {
    account_id: account.id,
    kind,
    currency: account.currency,
    ...countersOf(account),
    available: isLimited ? digits(free) : null,
    overdraft: isLimited ? digits(OVERDRAFT) : null,
    status: account.id.startsWith('customer:ACC-20733') ? 'frozen' : 'open',
    version: account.version,
    ledger_seq: account.ledgerSeq,
    committed_at: at(account.committedAtMs),
  };
}

function showAccount(account: Account): LedgerAccount {
  const velocity: LedgerAccount['velocity'] = account.id.startsWith('customer:')
    ? [{ window: '24h', max_count: 40, max_sum_minor: '500000' }]
    : [];
  return { ...showBalance(account), on_expiry: 'void', velocity, metadata: {}, opened_at: at(account.openedAtMs) };
}

function showLine(transfer: LedgerTransfer, id: string, transactionId: string | null): StatementLine {
  const isDebit = transfer.debit.account_id === id;
  const { version, debits_posted, credits_posted, debits_pending, credits_pending } = isDebit ? transfer.debit : transfer.credit;
  const merchant = [transfer.credit, transfer.debit].find(({ account_id }) => account_id.startsWith('merchant:'))?.account_id.split(':')[1];
  return {
    transfer_id: transfer.transfer_id,
    kind: transfer.kind,
    seq: transfer.seq,
    ledger_seq: transfer.ledger_seq,
    direction: isDebit ? 'debit' : 'credit',
    other_account_id: isDebit ? transfer.credit.account_id : transfer.debit.account_id,
    amount_minor: transfer.amount_minor,
    currency: transfer.currency,
    merchant_id: transfer.decision_id === null ? null : (merchant ?? null),
    transaction_id: transactionId,
    related_to: transfer.related_to,
    after: { version, debits_posted, credits_posted, debits_pending, credits_pending },
    effective_at: transfer.effective_at,
    committed_at: transfer.committed_at,
  };
}

function describeHold(transfer: LedgerTransfer, atMs: number, transactionId: string | null): LedgerHold {
  return {
    hold_id: transfer.transfer_id,
    status: 'open',
    amount_minor: transfer.amount_minor,
    remaining_minor: transfer.amount_minor,
    captured_minor: '0',
    expires_at: at(atMs + HOLD_MS),
    merchant_id: transfer.credit.account_id.split(':')[1] ?? null,
    transaction_id: transactionId,
    debit_account_id: transfer.debit.account_id,
    credit_account_id: transfer.credit.account_id,
    currency: transfer.currency,
    on_expiry: 'void',
    placed_at: at(atMs),
    changed_at: at(atMs),
    placed_seq: transfer.seq,
    ledger_seq: transfer.ledger_seq,
  };
}
