import type { MoveCommand, Workload } from './workload.ts';

/** The four counters of an account. */
export interface Counters {
  debitsPosted: number;
  creditsPosted: number;
  debitsPending: number;
  creditsPending: number;
}

/** What a ledger has to look like after a stream of commands, once every hold that was left to expire has done so. */
export interface Expected {
  /** By account number. */
  readonly accounts: readonly Counters[];
  /** How many transfers of each kind there are, and how many commands were refused for each reason. */
  readonly transfers: ReadonlyMap<string, number>;
  readonly refusals: ReadonlyMap<string, number>;
}

interface Placed {
  readonly move: MoveCommand;
  readonly made: boolean;
  open: boolean;
}

/**
 * Plays the commands before a position one by one in the plainest way, sharing nothing with the ledger: what it comes to is what the ledger must
 * have come to, however often it was killed on the way. Amounts stay far below 2^53.
 */
export function expectCardMix(workload: Workload, untilPosition: number): Expected {
  const opening = workload.openingMinor ?? 0;
  const play = new Play(Array.from({ length: workload.accounts }, () => openWith(opening)));
  for (let position = 0; position < untilPosition; position++) {
    const command = workload.commandAt(position);
    if (command === undefined) continue;
    if ('target' in command) play.followUp(command.kind, command.target, command.amountMinor);
    else play.move(command);
  }
  play.expireSoonest();
  return play;
}

class Play implements Expected {
  readonly accounts: Counters[];
  readonly transfers = new Map<string, number>();
  readonly refusals = new Map<string, number>();
  readonly #placed = new Map<string, Placed>();

  constructor(accounts: Counters[]) {
    this.accounts = accounts;
  }

  move(move: MoveCommand): void {
    // Again is the first again; with another amount it is told apart. Neither enters the ledger.
    if (this.#placed.has(move.id)) return;
    const payer = this.#account(move.debit);
    const available = payer.creditsPosted - payer.debitsPosted - payer.debitsPending;
    const made = available >= move.amountMinor;
    this.#placed.set(move.id, { move, made, open: made && move.kind === 'hold' });
    if (!made) {
      this.#refuse('insufficient_funds');
      return;
    }
    this.#change(move, move.kind === 'post' ? move.amountMinor : 0, move.kind === 'hold' ? move.amountMinor : 0);
    this.count(move.kind, 1);
  }

  followUp(kind: 'capture' | 'void' | 'reverse', target: string, amountMinor: number): void {
    const placed = this.#placed.get(target);
    if (!placed?.made) {
      this.#refuse(kind === 'reverse' ? 'transfer_unknown' : 'hold_unknown');
      return;
    }
    const { move } = placed;
    if (kind === 'reverse') {
      this.#change({ ...move, debit: move.credit, credit: move.debit }, amountMinor, 0);
      this.count('reversal', 1);
      return;
    }
    placed.open = false;
    const captured = kind === 'capture' ? amountMinor : 0;
    this.#change(move, captured, -move.amountMinor);
    if (captured > 0) this.count('capture', 1);
    if (captured < move.amountMinor) this.count('void', 1);
  }

  /** Every hold that was to expire soon and that nobody has ended. */
  expireSoonest(): void {
    const holds = [...this.#placed.values()].filter(({ open }) => open);
    const soonest = holds.reduce((least, { move }) => Math.min(least, move.expiresInMs ?? Infinity), Infinity);
    for (const placed of holds) {
      if (placed.move.expiresInMs !== soonest) continue;
      placed.open = false;
      this.#change(placed.move, 0, -placed.move.amountMinor);
      this.count('expire', 1);
    }
  }

  count(kind: string, times: number): void {
    if (times > 0) this.transfers.set(kind, (this.transfers.get(kind) ?? 0) + times);
  }

  #refuse(code: string): void {
    this.refusals.set(code, (this.refusals.get(code) ?? 0) + 1);
  }

  #change({ debit, credit }: Pick<MoveCommand, 'debit' | 'credit'>, posted: number, pending: number): void {
    const payer = this.#account(debit);
    const payee = this.#account(credit);
    payer.debitsPosted += posted;
    payer.debitsPending += pending;
    payee.creditsPosted += posted;
    payee.creditsPending += pending;
  }

  #account(number: number): Counters {
    const account = this.accounts[number];
    if (!account) throw new RangeError(`no account ${number}`);
    return account;
  }
}

function openWith(creditsPosted: number): Counters {
  return { debitsPosted: 0, creditsPosted, debitsPending: 0, creditsPending: 0 };
}
