import { Draws } from './draw.ts';
import { commandId, type MoveCommand, type Workload, type WorkloadCommand, type WorkloadOptions } from './workload.ts';

const MIX = 0;
const CUSTOMER = 1;
const MERCHANT = 2;
const AMOUNT = 3;
const FUNDS = 4;
const REPEAT = 5;
const SHARE = 6;

const MERCHANTS = 1_000;
const BUSY_MERCHANTS = 5;
const BUSY_SHARE = 0.5;
/** Payments that are begun between the two steps of one. */
export const LAG_PAYMENTS = 2_000;
const OPENING_MINOR = 1_000_000;
/** More than any account ever owns. */
const BEYOND_MINOR = 1_000_000_000_000;
const BEYOND_SHARE = 0.02;
/** Of the payments that have no second step; they are 15 in 100, and 185 in 100 payments are commands. */
const DUPLICATE_SHARE = 0.125;
const CONFLICT_SHARE = 0.0125;
/** A hold that is to expire does so soon; any other stays open for longer than a run, whatever stands still meanwhile. */
const EXPIRES_SOON_MS = 2_000;
const EXPIRES_LATE_MS = 86_400_000;
const ID_PARTS = { first: 0, second: 1 };

type Course = 'capture' | 'void' | 'expire' | 'direct' | 'refund';

/**
 * Payments as cards make them: 70 % are authorised and captured (some of them in part), 10 % authorised and voided, 5 % authorised and left to
 * expire, 10 % posted at once, 5 % posted and refunded. Five merchants take half of them, 2 % exceed what the payer owns, 1 % of the commands
 * are delivered again, and one in a thousand comes again with another amount.
 *
 * Payment p begins at position 2p; its second step stands `LAG_PAYMENTS` payments later, at the odd position.
 */
export function cardMixWorkload(options: WorkloadOptions): Workload {
  const customers = options.accounts ?? 100_000;
  const mix = new CardMix(options, customers);
  return {
    name: 'W10',
    about: `card mix: ${customers} customers, ${MERCHANTS} merchants of which ${BUSY_MERCHANTS} take half; holds, captures, voids, refunds, repetitions`,
    accounts: customers + MERCHANTS,
    openingMinor: OPENING_MINOR,
    batch: 1_000,
    clients: 16,
    commandAt: (position) => (position % 2 === 0 ? mix.first(position / 2) : mix.second((position - 1) / 2 - LAG_PAYMENTS)),
  };
}

class CardMix {
  readonly #draws: Draws;
  readonly #options: WorkloadOptions;
  readonly #customers: number;

  constructor(options: WorkloadOptions, customers: number) {
    this.#options = options;
    this.#draws = new Draws(options.seed);
    this.#customers = customers;
  }

  first(payment: number): MoveCommand {
    const course = this.#course(payment);
    const draws = this.#draws;
    const busy = draws.unit(payment, SHARE) < BUSY_SHARE;
    const merchant = busy
      ? draws.below(BUSY_MERCHANTS, payment, MERCHANT)
      : BUSY_MERCHANTS + draws.below(MERCHANTS - BUSY_MERCHANTS, payment, MERCHANT);
    const move = {
      id: this.#id(payment, ID_PARTS.first),
      debit: draws.below(this.#customers, payment, CUSTOMER),
      credit: this.#customers + merchant,
      amountMinor: this.#amountMinor(payment),
    };
    if (course === 'direct' || course === 'refund') return { kind: 'post', ...move };
    return { kind: 'hold', ...move, expiresInMs: course === 'expire' ? EXPIRES_SOON_MS : EXPIRES_LATE_MS };
  }

  second(payment: number): WorkloadCommand | undefined {
    if (payment < 0) return undefined;
    const course = this.#course(payment);
    const amountMinor = this.#amountMinor(payment);
    const step = { id: this.#id(payment, ID_PARTS.second), target: this.#id(payment, ID_PARTS.first) };
    switch (course) {
      case 'capture':
        // A tip that is not given, a part that is not in stock: one capture in ten is of less.
        return { kind: 'capture', ...step, amountMinor: payment % 10 === 0 ? Math.ceil(amountMinor / 2) : amountMinor };
      case 'void':
        return { kind: 'void', ...step, amountMinor };
      case 'refund':
        return { kind: 'reverse', ...step, amountMinor };
      case 'expire':
      case 'direct':
        return this.#again(payment);
    }
  }

  /** The payment once more, or with another amount under its id, or nothing. */
  #again(payment: number): WorkloadCommand | undefined {
    const draw = this.#draws.unit(payment, REPEAT);
    const first = this.first(payment);
    if (draw < DUPLICATE_SHARE) return first;
    if (draw < DUPLICATE_SHARE + CONFLICT_SHARE) return { ...first, amountMinor: first.amountMinor + 1 };
    return undefined;
  }

  #course(payment: number): Course {
    const draw = this.#draws.unit(payment, MIX);
    if (draw < 0.7) return 'capture';
    if (draw < 0.8) return 'void';
    if (draw < 0.85) return 'expire';
    return draw < 0.95 ? 'direct' : 'refund';
  }

  #amountMinor(payment: number): number {
    if (this.#draws.unit(payment, FUNDS) < BEYOND_SHARE) return BEYOND_MINOR;
    return 2 + this.#draws.below(2_998, payment, AMOUNT);
  }

  #id(payment: number, part: number): string {
    return commandId(this.#options, payment, part);
  }
}
