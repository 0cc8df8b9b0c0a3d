import type { Decision } from '@trancendos/contracts/decision';
import type { LedgerCommand, Leg } from '@trancendos/contracts/ledger-command';
import type { LedgerPolicy } from './ledger-state.ts';

interface Row {
  readonly state: 'posted' | 'pending';
  readonly from: string;
  readonly to: string;
  /** Less than 0 where reserved money is released. */
  readonly amount: bigint;
}

interface NaiveAccount {
  status: string;
  overdraft: bigint | null;
  onExpiry: string;
  velocity: readonly { window: string; max_count: number; max_sum_minor: string | null }[];
}

interface NaiveHold {
  readonly from: string;
  readonly to: string;
  remaining: bigint;
  captured: bigint;
  status: string;
  readonly onExpiry: string;
  readonly expiresAt: number;
}

interface NaiveTransfer {
  readonly kind: string;
  readonly from: string;
  readonly to: string;
  readonly amount: bigint;
  given: bigint;
}

/** Thrown and caught in here: the code of a refusal. */
class Refused extends Error {}

const WINDOWS: Record<string, number> = { '1m': 60_000, '1h': 3_600_000, '24h': 86_400_000 };
const LARGEST = 2n ** 62n - 1n;

/**
 * A ledger that is plain and obviously right, to hold the fast one against: row by row, in strings and BigInt, with an undo for every step
 * of what can be refused. It shares no code with the core, and knows no batches. For tests.
 */
export class NaiveLedger {
  readonly #policy: LedgerPolicy;
  readonly #decided = new Set<string>();
  readonly #commands = new Map<string, { text: string; result: string }>();
  readonly accounts = new Map<string, NaiveAccount>();
  readonly holds = new Map<string, NaiveHold>();
  readonly transfers = new Map<string, NaiveTransfer>();
  readonly journal: Row[] = [];
  /** Of the journal, per account, side and state. */
  readonly #sums = new Map<string, bigint>();
  #spends: { account: string; at: number; amount: bigint }[] = [];
  #undo: (() => void)[] = [];
  #now = 0;

  constructor(policy: LedgerPolicy) {
    this.#policy = policy;
  }

  /** `posted`, `pending`, `none`, `duplicate`, or why the ledger declines. `id` is that of the payment's transfer. */
  decide({ action, transaction }: Decision, id: string, at: number): string {
    this.#now = at;
    const { merchant_id: merchant, transaction_id, currency, payer } = transaction;
    const name = `${merchant} ${transaction_id}`;
    if (this.#decided.has(name)) return 'duplicate';
    this.#decided.add(name);
    if (action === 'decline' || transaction.amount_minor === 0) return 'none';
    const from = payer.account_id === undefined ? `clearing:card:${currency}` : `customer:${payer.account_id}:${currency}`;
    const to = `merchant:${merchant}:${currency}`;
    const amount = BigInt(transaction.amount_minor);
    if (!this.accounts.has(from)) this.#openPayer(from, currency);
    const isManual = transaction.capture === 'manual';
    const kind = action === 'approve' && !isManual ? 'post' : 'hold';
    const result = this.#attempt(() => {
      const isNew = !this.accounts.has(to);
      if (isNew) this.#open(to);
      this.#pay(kind, from, to, amount);
      if (kind === 'hold')
        this.#hold(id, { from, to, amount, ttl: this.#policy.holdTtlMs, ...(isManual && { onExpiry: 'void' as const }) });
      this.#note(id, { kind, from, to, amount });
    });
    return result === 'applied' ? (kind === 'post' ? 'posted' : 'pending') : result;
  }

  /** `applied`, `again` with the first result, or the code of the refusal. */
  command(command: LedgerCommand, at: number): string {
    this.#now = at;
    const text = JSON.stringify(command, Object.keys(flatten(command)).sort());
    const known = this.#commands.get(command.command_id);
    if (known) return known.text === text ? `again ${known.result}` : 'id_reused';
    const result = this.#attempt(() => this.#carryOut(command));
    this.#commands.set(command.command_id, { text, result });
    return result;
  }

  /** The holds of the list that fell to their policy. */
  tick(ids: readonly string[], at: number): string[] {
    this.#now = at;
    return ids.filter((id) => {
      const hold = this.holds.get(id);
      if (hold?.status !== 'open' || hold.expiresAt > at) return false;
      const open = [hold.from, hold.to].every((account) => this.accounts.get(account)?.status === 'open');
      if (hold.onExpiry === 'post' && open) this.#take(hold, hold.remaining);
      else this.#release(hold, hold.captured > 0n ? 'captured' : 'expired');
      return true;
    });
  }

  /** Sum of the rows of `state` that have `account` on that side. */
  sum(account: string, side: 'from' | 'to', state: Row['state']): bigint {
    return this.#sums.get(`${account} ${side} ${state}`) ?? 0n;
  }

  /** The same, from the journal itself. */
  recount(account: string, side: 'from' | 'to', state: Row['state']): bigint {
    return this.journal.reduce((sum, row) => (row[side] === account && row.state === state ? sum + row.amount : sum), 0n);
  }

  #carryOut(command: LedgerCommand): void {
    if (['post', 'linked', 'exchange', 'reverse'].includes(command.kind) && !command.reason?.trim()) throw new Refused('reason_missing');
    if (command.approved_by === command.requested_by) throw new Refused('approval_by_requester');
    if (command.kind === 'exchange') this.#exchange(command);
    else if (command.kind === 'linked') command.legs.forEach((leg, index) => this.#leg(leg, `${command.command_id}/${index}`));
    else if (command.kind === 'open_account') this.#openByCommand(command);
    else if (command.kind === 'set_terms') this.#setTerms(this.#changeable(command.account_id), command);
    else if (command.kind === 'set_status') this.#setStatus(command.account_id, command.status);
    else this.#leg(command, `tr_${command.command_id.slice(4)}`);
  }

  #openByCommand(command: Extract<LedgerCommand, { kind: 'open_account' }>): void {
    if (this.accounts.has(command.account_id)) throw new Refused('account_exists');
    this.#open(command.account_id);
    this.#setTerms(this.#account(command.account_id), command);
  }

  #setStatus(id: string, status: string): void {
    const account = this.#changeable(id);
    const balance = this.sum(id, 'to', 'posted') - this.sum(id, 'from', 'posted');
    const pending = this.sum(id, 'to', 'pending') + this.sum(id, 'from', 'pending');
    if (status === 'closed' && (balance !== 0n || pending !== 0n)) throw new Refused('account_not_empty');
    this.#change(account, { status });
  }

  #leg(leg: Leg, id: string): void {
    if (leg.kind === 'post') this.#post(leg, id);
    else if (leg.kind === 'hold') this.#placeHold(leg, id);
    else if (leg.kind === 'capture') this.#capture(leg, id);
    else if (leg.kind === 'reverse') this.#reverse(leg.transfer_id, leg.amount_minor, id);
    else {
      const hold = this.#openHold(leg.hold_id);
      this.#note(id, { kind: 'void', from: hold.from, to: hold.to, amount: hold.remaining });
      this.#release(hold, hold.captured > 0n ? 'captured' : 'voided');
    }
  }

  #sides(leg: Extract<Leg, { kind: 'post' | 'hold' }>): { from: string; to: string; amount: bigint } {
    const amount = whole(leg.amount_minor);
    this.#known(leg.debit_account_id);
    this.#known(leg.credit_account_id);
    if (currencyOf(leg.debit_account_id) !== leg.currency) throw new Refused('currency_mismatch');
    return { from: leg.debit_account_id, to: leg.credit_account_id, amount };
  }

  #post(leg: Extract<Leg, { kind: 'post' }>, id: string): void {
    const sides = this.#sides(leg);
    const kind = leg.transfer_kind ?? 'post';
    this.#pay(kind, sides.from, sides.to, sides.amount);
    this.#note(id, { kind, ...sides });
  }

  #placeHold(leg: Extract<Leg, { kind: 'hold' }>, id: string): void {
    const sides = this.#sides(leg);
    const ttl = leg.expires_in_ms ?? this.#policy.holdTtlMs;
    if (ttl <= 0 || ttl > 365 * 86_400_000) throw new Refused('expiry_in_past');
    this.#pay('hold', sides.from, sides.to, sides.amount);
    this.#note(id, { kind: 'hold', ...sides });
    this.#hold(id, { ...sides, ttl, ...(leg.on_expiry !== undefined && { onExpiry: leg.on_expiry }) });
  }

  #capture(leg: Extract<Leg, { kind: 'capture' }>, id: string): void {
    const hold = this.#openHold(leg.hold_id);
    const amount = leg.amount_minor === undefined ? hold.remaining : whole(leg.amount_minor);
    if (amount > hold.remaining) throw new Refused('capture_exceeds_hold');
    for (const account of [hold.from, hold.to]) this.#usable(account);
    this.#note(id, { kind: 'capture', from: hold.from, to: hold.to, amount });
    this.#take(hold, amount);
    if (hold.remaining > 0n && leg.final !== false) this.#release(hold, 'captured');
  }

  #reverse(transferId: string, asked: number | undefined, id: string): void {
    const transfer = this.transfers.get(transferId);
    if (!transfer) throw new Refused('transfer_unknown');
    if (transfer.kind === 'reversal') throw new Refused('reversal_of_reversal');
    if (['hold', 'void', 'expire'].includes(transfer.kind)) throw new Refused('not_reversible');
    const left = transfer.amount - transfer.given;
    if (left === 0n) throw new Refused('already_reversed');
    const amount = asked === undefined ? left : whole(asked);
    if (amount > left) throw new Refused('reversal_exceeds_transfer');
    this.#pay('reversal', transfer.to, transfer.from, amount);
    this.#change(transfer, { given: transfer.given + amount });
    this.#note(id, { kind: 'reversal', from: transfer.to, to: transfer.from, amount });
  }

  #exchange(command: Extract<LedgerCommand, { kind: 'exchange' }>): void {
    const amount = whole(command.amount_minor);
    const target = whole(command.target_amount_minor);
    this.#known(command.debit_account_id);
    this.#known(command.credit_account_id);
    if (currencyOf(command.debit_account_id) !== command.currency) throw new Refused('currency_mismatch');
    if (currencyOf(command.credit_account_id) !== command.target_currency) throw new Refused('currency_mismatch');
    if (command.currency === command.target_currency) throw new Refused('currency_mismatch');
    // Between currencies of the test only: EUR has two digits, JPY none.
    const digits = { EUR: 2, JPY: 0 } as Record<string, number>;
    const units = Number(amount) / 10 ** (digits[command.currency] ?? 0);
    const expected = units * Number(command.rate) * 10 ** (digits[command.target_currency] ?? 0);
    if (Math.abs(expected - Number(target)) >= 1) throw new Refused('rate_mismatch');
    for (const currency of [command.currency, command.target_currency]) {
      if (!this.accounts.has(`clearing:exchange:${currency}`)) this.#open(`clearing:exchange:${currency}`);
    }
    this.#pay('post', command.debit_account_id, `clearing:exchange:${command.currency}`, amount);
    this.#pay('post', `clearing:exchange:${command.target_currency}`, command.credit_account_id, target);
  }

  #pay(kind: string, from: string, to: string, amount: bigint): void {
    this.#usable(from);
    this.#usable(to);
    if (from === to) throw new Refused('same_account');
    if (currencyOf(from) !== currencyOf(to)) throw new Refused('currency_mismatch');
    const { overdraft } = this.#account(from);
    const debits = this.sum(from, 'from', 'posted') + this.sum(from, 'from', 'pending');
    if (overdraft !== null && this.sum(from, 'to', 'posted') - debits + overdraft < amount) throw new Refused('insufficient_funds');
    const credits = this.sum(to, 'to', 'posted') + this.sum(to, 'to', 'pending');
    if (debits + amount > LARGEST || credits + amount > LARGEST) throw new Refused('ledger_capacity_reached');
    if (kind === 'post' || kind === 'hold') this.#spend(from, amount);
    this.#write({ state: kind === 'hold' ? 'pending' : 'posted', from, to, amount });
  }

  #spend(from: string, amount: bigint): void {
    for (const { window, max_count, max_sum_minor } of this.#account(from).velocity) {
      const recent = this.#spends.filter(({ account, at }) => account === from && at > this.#now - (WINDOWS[window] ?? 0));
      const sum = recent.reduce((total, spend) => total + spend.amount, 0n);
      if (recent.length >= max_count) throw new Refused('velocity_exceeded');
      if (max_sum_minor !== null && sum + amount > BigInt(max_sum_minor)) throw new Refused('velocity_exceeded');
    }
    this.#spends.push({ account: from, at: this.#now, amount });
    this.#undo.push(() => void this.#spends.pop());
  }

  #take(hold: NaiveHold, amount: bigint): void {
    this.#write({ state: 'pending', from: hold.from, to: hold.to, amount: -amount });
    this.#write({ state: 'posted', from: hold.from, to: hold.to, amount });
    const remaining = hold.remaining - amount;
    this.#change(hold, { remaining, captured: hold.captured + amount, status: remaining === 0n ? 'captured' : 'open' });
  }

  #release(hold: NaiveHold, status: string): void {
    this.#write({ state: 'pending', from: hold.from, to: hold.to, amount: -hold.remaining });
    this.#change(hold, { remaining: 0n, status });
  }

  #hold(
    id: string,
    { from, to, amount, ttl, onExpiry }: { from: string; to: string; amount: bigint; ttl: number; onExpiry?: string },
  ): void {
    const policy = onExpiry ?? this.#account(to).onExpiry;
    this.#put(this.holds, id, { from, to, remaining: amount, captured: 0n, status: 'open', onExpiry: policy, expiresAt: this.#now + ttl });
  }

  #openHold(id: string): NaiveHold {
    const hold = this.holds.get(id);
    if (!hold) throw new Refused('hold_unknown');
    if (hold.status !== 'open') throw new Refused(`hold_${hold.status}`);
    if (hold.expiresAt <= this.#now) throw new Refused('hold_expired');
    return hold;
  }

  #note(id: string, made: Omit<NaiveTransfer, 'given'>): void {
    this.#put(this.transfers, id, { ...made, given: 0n });
  }

  #openPayer(id: string, currency: string): void {
    this.#open(id);
    if (!id.startsWith('customer:') || this.#policy.openingCreditMinor === 0n) return;
    const funding = `funding:opening:${currency}`;
    if (!this.accounts.has(funding)) this.#open(funding);
    this.#attempt(() => this.#pay('opening', funding, id, this.#policy.openingCreditMinor));
  }

  #open(id: string): void {
    const kind = id.slice(0, id.indexOf(':'));
    const overdraft = kind === 'customer' ? this.#policy.customerOverdraftMinor : kind === 'merchant' || kind === 'fee' ? 0n : null;
    this.#put(this.accounts, id, { status: 'open', overdraft, onExpiry: 'void', velocity: [] });
  }

  #setTerms(account: NaiveAccount, terms: Omit<Extract<LedgerCommand, { kind: 'set_terms' }>, 'kind'>): void {
    const id = terms.account_id;
    this.#change(account, {
      overdraft:
        terms.overdraft_minor === undefined ? account.overdraft : terms.overdraft_minor === null ? null : BigInt(terms.overdraft_minor),
      onExpiry: terms.on_expiry ?? account.onExpiry,
      velocity: terms.velocity ?? account.velocity,
    });
    const debits = this.sum(id, 'from', 'posted') + this.sum(id, 'from', 'pending');
    const short = account.overdraft !== null && this.sum(id, 'to', 'posted') - debits + account.overdraft < 0n;
    if (short) throw new Refused('insufficient_funds');
  }

  #changeable(id: string): NaiveAccount {
    const account = this.#known(id);
    if (account.status === 'closed') throw new Refused('account_closed');
    return account;
  }

  #usable(id: string): void {
    const { status } = this.#account(id);
    if (status !== 'open') throw new Refused(`account_${status}`);
  }

  #known(id: string): NaiveAccount {
    const account = this.accounts.get(id);
    if (!account) throw new Refused('account_unknown');
    return account;
  }

  #account(id: string): NaiveAccount {
    const account = this.accounts.get(id);
    if (!account) throw new Error(`${id} is not open`);
    return account;
  }

  #write(row: Row): void {
    const add = (amount: bigint) => {
      for (const side of ['from', 'to'] as const) {
        const key = `${row[side]} ${side} ${row.state}`;
        this.#sums.set(key, (this.#sums.get(key) ?? 0n) + amount);
      }
    };
    this.journal.push(row);
    add(row.amount);
    this.#undo.push(() => {
      this.journal.pop();
      add(-row.amount);
    });
  }

  #put<V>(map: Map<string, V>, key: string, value: V): void {
    map.set(key, value);
    this.#undo.push(() => void map.delete(key));
  }

  #change<T extends object>(target: T, changes: Partial<T>): void {
    const before = { ...target };
    Object.assign(target, changes);
    this.#undo.push(() => void Object.assign(target, before));
  }

  /** Puts everything back as it was when `work` is refused. */
  #attempt(work: () => void): string {
    this.#spends = this.#spends.filter(({ at }) => at > this.#now - 86_400_000);
    this.#undo = [];
    try {
      work();
      return 'applied';
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      for (const undo of this.#undo.reverse()) undo();
      return error.message;
    }
  }
}

function whole(amount: number): bigint {
  if (Math.floor(amount) !== amount) throw new Refused('amount_not_whole');
  if (amount <= 0) throw new Refused('amount_not_positive');
  if (amount > Number.MAX_SAFE_INTEGER) throw new Refused('amount_too_large');
  return BigInt(amount);
}

function currencyOf(account: string): string {
  return account.slice(-3);
}

/** Every name that occurs anywhere in a command, for JSON with its fields in one order. */
function flatten(value: unknown): Record<string, true> {
  if (typeof value !== 'object' || value === null) return {};
  return Object.assign({}, ...Object.entries(value).map(([name, inner]) => ({ [name]: true, ...flatten(inner) }))) as Record<string, true>;
}
