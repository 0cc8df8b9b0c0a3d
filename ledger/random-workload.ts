import type { LedgerCommand, Leg } from '@trancendos/contracts/ledger-command';
import type { Entry } from './entry.ts';
import { deriveTransferId } from './derive-transfer-id.ts';
import { commandEntry, sampleCommandId, type BareCommand } from './sample-command.ts';
import { SAMPLE_AT_MS, sampleEntry, type Sample } from './sample-decision.ts';

/** Numbers that look random and are the same for the same seed (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}

const CUSTOMERS = ['customer:ACC-1:EUR', 'customer:ACC-2:EUR', 'customer:ACC-3:EUR', 'customer:ACC-1:JPY'];
const MERCHANTS = ['merchant:books-01:EUR', 'merchant:fuel-02:EUR', 'merchant:books-01:JPY'];
const OTHERS = ['fee:platform:EUR', 'clearing:card:EUR', 'customer:NOBODY:EUR', 'settlement:bank:EUR', 'settlement:idle:EUR'];
/** The accounts that commands of a workload name. */
export const ACCOUNTS = [...CUSTOMERS, ...MERCHANTS, ...OTHERS];
/** Around what accounts hold, and what amounts can be. */
const AMOUNTS = [1, 1, 5, 20, 50, 99, 100, 101, 250, 999, 1_000, 1_001, 0, -5, 0.5, 2 ** 53, Number.MAX_SAFE_INTEGER];
/** How far the clock goes between two entries: mostly not at all, sometimes across windows and expiries. */
const STEPS_MS = [0, 0, 0, 0, 0, 0, 1, 5, 40, 900, 30_000, 59_000, 61_000, 3_600_001, 40_000_000];

/** One entry and the moment at which it is decided. */
export interface Planned {
  readonly entry: Entry;
  readonly atMs: number;
}

/**
 * A stream of entries at the edges: few accounts that run dry, holds that are captured twice or when they are due, transfers that are given
 * back twice, ids that repeat with the same and with other fields, limits, frozen and closed accounts. The same for the same seed.
 */
export class RandomWorkload {
  readonly #random: () => number;
  #atMs = SAMPLE_AT_MS;
  #commands: LedgerCommand[] = [];
  #samples: Sample[] = [];
  #holds: string[] = [];
  #transfers: string[] = [];
  #offsets = { decisions: 0, commands: 0, clock: 0 };
  #made = 0;

  constructor(seed: number) {
    this.#random = seededRandom(seed);
  }

  next(): Planned {
    this.#atMs += this.#pick(STEPS_MS);
    return { entry: this.#entry(), atMs: this.#atMs };
  }

  take(count: number): Planned[] {
    return Array.from({ length: count }, () => this.next());
  }

  #entry(): Entry {
    const draw = this.#random();
    if (draw < 0.25) return this.#decision();
    if (draw < 0.3) {
      const origin = { topic: 'clock', partition: 0, offset: BigInt(this.#offsets.clock++) };
      return { kind: 'expiry', origin, holdIds: this.#holds.slice(-30) };
    }
    return commandEntry(this.#command(), this.#offsets.commands++);
  }

  #decision(): Entry {
    const again = this.#samples.length > 0 && this.#random() < 0.1;
    const sample: Sample = again
      ? this.#pick(this.#samples)
      : {
          transactionId: `t-${++this.#made}`,
          merchantId: this.#pick(['books-01', 'fuel-02']),
          action: this.#pick(['approve', 'approve', 'review', 'decline'] as const),
          amountMinor: this.#pick([1, 50, 100, 400, 999, 1_000, 0]),
          currency: this.#pick(['EUR', 'EUR', 'EUR', 'JPY'] as const),
          payer: this.#pick([{ account_id: 'ACC-1' }, { account_id: 'ACC-2' }, { account_id: 'ACC-9' }, { card_token: 'tok-1' }]),
          ...(this.#random() < 0.2 && { capture: 'manual' as const }),
        };
    if (!again) {
      this.#samples.push(sample);
      const id = paymentId(sample);
      this.#transfers.push(id);
      if (sample.action === 'review' || sample.capture) this.#holds.push(id);
    }
    return sampleEntry(sample, this.#offsets.decisions++);
  }

  #command(): LedgerCommand {
    if (this.#commands.length > 0 && this.#random() < 0.08) {
      const first = this.#pick(this.#commands);
      return this.#random() < 0.6 ? first : { ...first, requested_by: 'somebody-else' };
    }
    const number = ++this.#made;
    const bare = this.#bare(number);
    const command = { command_id: sampleCommandId(number), requested_by: 'back-office', reason: 'test', ...bare } as LedgerCommand;
    this.#commands.push(command);
    this.#commands = this.#commands.slice(-200);
    return command;
  }

  #bare(number: number): BareCommand {
    // One account that nothing has moved on, so that it can be closed.
    if (this.#commands.length === 0) return { kind: 'open_account', account_id: 'settlement:idle:EUR' };
    if (this.#commands.length === 1) return { kind: 'set_status', account_id: 'settlement:idle:EUR', status: 'closed' };
    const draw = this.#random();
    if (draw < 0.06) return { kind: 'open_account', account_id: this.#pick(ACCOUNTS), ...this.#terms() };
    if (draw < 0.11) return { kind: 'set_terms', account_id: this.#pick(ACCOUNTS), ...this.#terms() };
    if (draw < 0.14)
      return { kind: 'set_status', account_id: this.#pick(ACCOUNTS), status: this.#pick(['open', 'open', 'frozen', 'closed']) };
    if (draw < 0.17) return this.#exchange();
    if (draw < 0.19) return { kind: 'post', ...this.#sides(), reason: ' ' };
    if (draw < 0.2) return { kind: 'void', hold_id: this.#anyHold(), approved_by: 'back-office' };
    if (draw < 0.3) {
      const legs = Array.from({ length: 2 + Math.floor(this.#random() * 3) }, () => this.#leg());
      return { kind: 'linked', legs };
    }
    const leg = this.#leg();
    const id = `tr_${sampleCommandId(number).slice(4)}`;
    if (leg.kind === 'hold') this.#holds.push(id);
    if (leg.kind !== 'void') this.#transfers.push(id);
    return leg;
  }

  #leg(): Leg {
    const draw = this.#random();
    if (draw < 0.4) return { kind: 'post', ...this.#sides(), ...(this.#random() < 0.15 && { transfer_kind: 'fee' as const }) };
    if (draw < 0.6) {
      const expires_in_ms = this.#pick([1, 30, 10_000, 70_000, 4_000_000, 0, 400 * 86_400_000]);
      return { kind: 'hold', ...this.#sides(), expires_in_ms, ...(this.#random() < 0.3 && { on_expiry: 'post' as const }) };
    }
    if (draw < 0.78) {
      const amount = this.#random() < 0.5 ? {} : { amount_minor: this.#pick(AMOUNTS) };
      return { kind: 'capture', hold_id: this.#anyHold(), ...amount, ...(this.#random() < 0.4 && { final: false }) };
    }
    if (draw < 0.86) return { kind: 'void', hold_id: this.#anyHold() };
    const amount = this.#random() < 0.6 ? {} : { amount_minor: this.#pick(AMOUNTS) };
    return { kind: 'reverse', transfer_id: this.#anyTransfer(), ...amount };
  }

  #exchange(): BareCommand {
    const amount = this.#pick([100, 250, 1_000, 0]);
    const exact = Math.round((amount / 100) * 160);
    return {
      kind: 'exchange',
      debit_account_id: this.#pick(['customer:ACC-1:EUR', 'customer:ACC-2:EUR', 'customer:ACC-1:JPY']),
      credit_account_id: this.#pick(['customer:ACC-1:JPY', 'merchant:books-01:JPY', 'customer:ACC-2:EUR']),
      amount_minor: amount,
      currency: 'EUR',
      target_amount_minor: exact + this.#pick([0, 0, 0, 1, 7]),
      target_currency: 'JPY',
      rate: '160',
    };
  }

  #sides() {
    const currency = this.#random() < 0.95 ? ('EUR' as const) : ('JPY' as const);
    return {
      debit_account_id: this.#pick(ACCOUNTS),
      credit_account_id: this.#pick(ACCOUNTS),
      amount_minor: this.#pick(AMOUNTS),
      currency,
    };
  }

  #terms() {
    const draw = this.#random();
    if (draw < 0.35) return {};
    if (draw < 0.55) return { overdraft_minor: this.#pick(['0', '100', '5000', null]) };
    if (draw < 0.7) return { on_expiry: this.#pick(['void', 'post'] as const) };
    const window = this.#pick(['1m', '1h', '24h'] as const);
    const limit = { window, max_count: this.#pick([1, 2, 5, 10_000]), max_sum_minor: this.#pick(['100', '2000', null]) };
    return { velocity: draw < 0.8 ? [] : [limit] };
  }

  #anyHold(): string {
    return this.#recent(this.#holds) ?? 'tr_00000000-0000-7000-8000-000000000000';
  }

  #anyTransfer(): string {
    return this.#recent(this.#transfers) ?? 'tr_00000000-0000-7000-8000-000000000000';
  }

  /** Rather a late one than an early one. */
  #recent(ids: readonly string[]): string | undefined {
    const back = Math.floor(this.#random() ** 2 * Math.min(ids.length, 40));
    return ids[ids.length - 1 - back];
  }

  #pick<T>(from: readonly T[]): T {
    const picked = from[Math.floor(this.#random() * from.length)];
    if (picked === undefined) throw new Error('nothing to pick from');
    return picked;
  }
}

/** The id of the transfer that a decision on the sample makes. */
export function paymentId(sample: Sample): string {
  return deriveTransferId(SAMPLE_AT_MS, 'payment', sample.merchantId ?? 'books-01', sample.transactionId);
}
