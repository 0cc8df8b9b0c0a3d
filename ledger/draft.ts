import type { Account } from './account.ts';
import type { BatchEffects, Message } from './entry.ts';
import type { Hold } from './hold.ts';
import type { LedgerPolicy, LedgerState, Reversible } from './ledger-state.ts';
import { SpendWindow, type VelocityWindow } from './spend-window.ts';
import type { Cause, Origin, Transfer } from './transfer.ts';

/** What all transfers of one entry have in common. */
export interface EntryFacts {
  readonly origin: Origin;
  readonly cause: Omit<Cause, 'number'>;
  readonly decisionId: string | null;
  readonly score: number | null;
  /** When it happened; the commit time where that is not known. */
  readonly effectiveAtMs: number | undefined;
}

/** What a transfer is, before it has its place and its sides are changed. */
export type NewTransfer = Pick<Transfer, 'id' | 'kind' | 'amountMinor'> & Partial<Pick<Transfer, 'relatedTo' | 'fxRate' | 'expiresAtMs'>>;

/**
 * The changes of one entry, held apart from the state until all of them are known to be possible. Taken over whole by `accept`, or let go:
 * that is what makes linked movements all or nothing.
 */
export class Draft {
  readonly policy: LedgerPolicy;
  readonly committedAtMs: number;
  /** Position of the entry, if it becomes one. */
  readonly ledgerSeq: number;
  readonly transfers: Transfer[] = [];
  readonly #state: LedgerState;
  readonly #facts: EntryFacts;
  // Lists, because an entry touches few things: a Map each would cost more than looking through them.
  readonly #accounts: Account[] = [];
  /** Accounts as they were found in the state. One that is changed was looked up here before: what it was comes from this list. */
  readonly #found: Account[] = [];
  #termsChanged: string[] | undefined;
  #holds: Hold[] | undefined;
  #reversibles: Reversible[] | undefined;
  #spends: { readonly accountId: string; readonly amountMinor: bigint }[] | undefined;
  #cause: Cause | undefined;
  #lastAccountNumber: number;

  constructor(state: LedgerState, context: { policy: LedgerPolicy; committedAtMs: number; facts: EntryFacts }) {
    this.#state = state;
    this.#facts = context.facts;
    this.policy = context.policy;
    this.committedAtMs = context.committedAtMs;
    this.ledgerSeq = state.lastSeq + 1;
    this.#lastAccountNumber = state.lastAccountNumber;
  }

  account(id: string): Account | undefined {
    return find(this.#accounts, id) ?? find(this.#found, id) ?? this.#findAccount(id);
  }

  hold(id: string): Hold | undefined {
    return find(this.#holds, id) ?? this.#state.holds.get(id);
  }

  reversible(id: string): Reversible | undefined {
    return find(this.#reversibles, id) ?? this.#state.reversibles.get(id);
  }

  /** The hold that this entry placed or changed, if it is one. */
  holdOfEntry(): Hold | undefined {
    return this.#holds?.length === 1 ? this.#holds[0] : undefined;
  }

  /** What the account has paid within the window that ends now, this entry included. */
  spent(accountId: string, window: VelocityWindow): { readonly count: number; readonly sumMinor: bigint } {
    let { count, sumMinor } = this.#state.spends.get(accountId)?.within(window, this.committedAtMs) ?? { count: 0, sumMinor: 0n };
    for (const spend of this.#spends ?? []) {
      if (spend.accountId !== accountId) continue;
      count++;
      sumMinor += spend.amountMinor;
    }
    return { count, sumMinor };
  }

  /** Of an account that is limited, or was while its window has been in memory: a window that misses one payment is worth nothing. */
  noteSpend({ id: accountId, velocity }: Account, amountMinor: bigint): void {
    if (velocity.length > 0 || this.#state.spends.has(accountId)) (this.#spends ??= []).push({ accountId, amountMinor });
  }

  /** The number of an account that opens now. One that is refused in the end leaves a gap. */
  nextAccountNumber(): number {
    return ++this.#lastAccountNumber;
  }

  putAccount(account: Account): void {
    put(this.#accounts, account);
  }

  /** An account that is new, or whose terms or status changed. */
  putTerms(account: Account): void {
    put(this.#accounts, account);
    (this.#termsChanged ??= []).push(account.id);
  }

  putHold(hold: Hold): void {
    put((this.#holds ??= []), hold);
  }

  putReversible(transfer: Reversible): void {
    put((this.#reversibles ??= []), transfer);
  }

  /** Makes a transfer; both sides are given as they are after it. */
  addTransfer(made: NewTransfer, { debtor, creditor }: Pick<Transfer, 'debtor' | 'creditor'>): Transfer {
    const transfer: Transfer = {
      id: made.id,
      kind: made.kind,
      seq: this.#state.lastTransferSeq + this.transfers.length + 1,
      ledgerSeq: this.ledgerSeq,
      amountMinor: made.amountMinor,
      debtor,
      creditor,
      relatedTo: made.relatedTo ?? null,
      effectiveAtMs: this.#facts.effectiveAtMs ?? this.committedAtMs,
      committedAtMs: this.committedAtMs,
      fxRate: made.fxRate ?? null,
      origin: this.#facts.origin,
      cause: (this.#cause ??= this.#findCause()),
      decisionId: this.#facts.decisionId,
      score: this.#facts.score,
      expiresAtMs: made.expiresAtMs ?? null,
    };
    this.transfers.push(transfer);
    put(this.#accounts, debtor);
    put(this.#accounts, creditor);
    return transfer;
  }

  /** Takes everything over into the state and the effects: the entry exists now. `message` is what it publishes. */
  accept(effects: BatchEffects, message: Message): void {
    const state = this.#state;
    state.lastSeq = this.ledgerSeq;
    state.lastTransferSeq += this.transfers.length;
    state.lastAccountNumber = this.#lastAccountNumber;
    effects.entries++;
    effects.messages.push(message);
    for (const transfer of this.transfers) {
      effects.transfers.push(transfer);
      state.reversibles.add(transfer.id, reversibleOf(transfer), { ledgerSeq: this.ledgerSeq, madeAtMs: 0 });
    }
    for (const account of this.#accounts) {
      const change = effects.accounts.get(account.id);
      if (change) change.after = account;
      else effects.accounts.set(account.id, { before: find(this.#found, account.id), after: account });
      state.accounts.set(account);
    }
    for (const id of this.#termsChanged ?? []) effects.termsChanged.add(id);
    for (const hold of this.#holds ?? []) {
      effects.holds.set(hold.id, hold);
      state.holds.set(hold.id, hold);
    }
    for (const transfer of this.#reversibles ?? []) {
      effects.reversals.set(transfer.id, { reversedMinor: transfer.reversedMinor, ledgerSeq: this.ledgerSeq });
      state.reversibles.add(transfer.id, transfer, { ledgerSeq: this.ledgerSeq, madeAtMs: 0 });
    }
    this.#acceptSpends();
    if (!this.#cause) return;
    state.lastCause = this.#cause;
    if (this.#cause.number > state.lastCauseNumber) {
      state.lastCauseNumber = this.#cause.number;
      state.causes.set(causeKey(this.#cause), this.#cause);
      effects.causes.push(this.#cause);
    }
  }

  #findAccount(id: string): Account | undefined {
    const account = this.#state.accounts.get(id);
    if (account) this.#found.push(account);
    return account;
  }

  #acceptSpends(): void {
    for (const { accountId, amountMinor } of this.#spends ?? []) {
      let window = this.#state.spends.get(accountId);
      if (!window) this.#state.spends.set(accountId, (window = new SpendWindow()));
      window.add({ atMs: this.committedAtMs, amountMinor });
      window.compact(this.committedAtMs);
    }
  }

  #findCause(): Cause {
    const { cause } = this.#facts;
    const { lastCause, lastCauseNumber } = this.#state;
    if (lastCause && isSameCause(lastCause, cause)) return lastCause;
    return this.#state.causes.get(causeKey(cause)) ?? { ...cause, number: lastCauseNumber + 1 };
  }
}

function find<T extends { readonly id: string }>(list: readonly T[] | undefined, id: string): T | undefined {
  if (list) for (const item of list) if (item.id === id) return item;
  return undefined;
}

/** Replaces the version with the same id, or adds the first. */
function put<T extends { readonly id: string }>(list: T[], item: T): void {
  for (let place = 0; place < list.length; place++) {
    if (list[place]?.id !== item.id) continue;
    list[place] = item;
    return;
  }
  list.push(item);
}

function isSameCause(one: Omit<Cause, 'number'>, other: Omit<Cause, 'number'>): boolean {
  return (
    one.actor === other.actor &&
    one.model === other.model &&
    one.ruleset === other.ruleset &&
    one.requestedBy === other.requestedBy &&
    one.approvedBy === other.approvedBy &&
    one.reason === other.reason
  );
}

/** As JSON, so that no text in one part can be taken for two. */
function causeKey({ actor, model, ruleset, requestedBy, approvedBy, reason }: Omit<Cause, 'number'>): string {
  return JSON.stringify([actor, model, ruleset, requestedBy, approvedBy, reason]);
}

function reversibleOf({ id, kind, debtor, creditor, amountMinor, ledgerSeq }: Transfer): Reversible {
  return { id, kind, debitId: debtor.id, creditId: creditor.id, amountMinor, reversedMinor: 0n, ledgerSeq };
}
