import type { Reason } from '@trancendos/contracts/decision';
import type { FeedItem, FeedTotals, RoomCounts } from '@trancendos/contracts/socket';
import { makeId } from './make-id.ts';
import { MockLedger, type Movement } from './mock-ledger.ts';
import { SeededRandom } from './seeded-random.ts';

const MERCHANTS = [
  'books-03',
  'grocery-07',
  'electronics-02',
  'travel-11',
  'fuel-05',
  'pharmacy-01',
  'games-09',
  'fashion-04',
  'tickets-06',
];
const PAYERS = 60;
const SERIES_SECONDS = 120;
const HISTORY = 900;
const HISTORY_MS = 6 * 3_600_000;
/** Payments that the archive keeps besides those that the world begins with, at least. */
const ARCHIVED = 2_000;
const FIRST_ORDER = 48_000;
const REVIEW_FROM = 420;
const DECLINE_FROM = 710;
const REASONS: readonly Omit<Reason, 'weight' | 'message'>[] = [
  { code: 'amount_above_usual', category: 'amount', effect: 'raises' },
  { code: 'terminal_known_frauds', category: 'terminal', effect: 'raises' },
  { code: 'velocity_above_usual', category: 'velocity', effect: 'raises' },
  { code: 'time_unusual', category: 'time', effect: 'raises' },
];
const CALM: readonly Omit<Reason, 'weight' | 'message'>[] = [
  { code: 'amount_ordinary', category: 'amount', effect: 'lowers' },
  { code: 'customer_ordinary', category: 'customer', effect: 'lowers' },
  { code: 'terminal_ordinary', category: 'terminal', effect: 'lowers' },
];

/** Payments that never were, and the books that would have followed: the same for the same seed, but for the clock. */
export class MockWorld {
  readonly ledger: MockLedger;
  readonly #random: SeededRandom;
  readonly #counts = { approve: 0, review: 0, decline: 0 };
  readonly #archive: FeedItem[] = [];
  #orders = 0;
  #seq = 0;

  constructor(seed: number, nowMs: number) {
    this.#random = new SeededRandom(seed);
    this.ledger = new MockLedger(this.#random);
    for (let payer = 0; payer < PAYERS; payer++)
      this.#move('opening', 'funding:opening:EUR', accountOf(payer), {
        amountMinor: this.#random.whole(40_000, 900_000),
        atMs: nowMs - HISTORY_MS,
      });
    for (let index = 0; index < HISTORY; index++) this.makeItem(nowMs - HISTORY_MS + (index / HISTORY) * HISTORY_MS);
    this.#seq = 0;
  }

  /** What the archive keeps, the last one first. */
  archived(): FeedItem[] {
    return [...this.#archive].reverse();
  }

  /** Decides a payment at `atMs`, keeps its books, and archives it. */
  makeItem(atMs: number): FeedItem {
    const item = this.#decide(Math.floor(atMs));
    this.#archive.push(item);
    if (this.#archive.length > HISTORY + 2 * ARCHIVED) this.#archive.splice(HISTORY, ARCHIVED);
    return item;
  }

  #decide(whenMs: number): FeedItem {
    const score = this.#drawScore();
    const action = actionOf(score);
    this.#counts[action]++;
    const payer = this.#random.whole(0, PAYERS - 1);
    const { merchant, transactionId } = this.#drawOrder();
    const decisionId = makeId('dec', whenMs, this.#random);
    const amountMinor = Math.round(Math.exp(3.4 + this.#random.next() * (score > REVIEW_FROM ? 4.6 : 3.2)) * 28);
    const transfer = this.#keepBooks(action, {
      payer,
      merchant,
      amountMinor,
      atMs: whenMs,
      score,
      payment: { decisionId, transactionId },
    });
    const stages = this.#drawStages();
    const seq = ++this.#seq;
    return {
      seq,
      transaction_id: transactionId,
      decision_id: decisionId,
      merchant_id: merchant,
      terminal_id: `T-${this.#random.whole(100, 160)}`,
      payer: { account_id: accountOf(payer).split(':')[1] ?? '', card_token: `card_${(payer * 7_919 + 4_096).toString(16)}` },
      occurred_at: new Date(whenMs - 40).toISOString(),
      decided_at: new Date(whenMs).toISOString(),
      amount_minor: amountMinor,
      currency: 'EUR',
      score,
      action,
      reasons: this.#drawReasons(score, amountMinor),
      money: {
        state: STATES[action],
        transfer_id: transfer?.transfer_id ?? null,
        expires_at: action === 'review' ? new Date(whenMs + 24 * 3_600_000).toISOString() : null,
      },
      ledger_seq: transfer?.ledger_seq ?? Math.max(1, this.ledger.transfers.length),
      model: 'luminous-3',
      degraded: false,
      timings_ms: stages,
      total_ms: Object.values(stages).reduce((sum, ms) => sum + ms, 0),
    };
  }

  #twoMinutes(perSecond: number): NonNullable<FeedTotals['last_2_min']> {
    const seconds = Array.from({ length: SERIES_SECONDS }, () => this.#second(perSecond));
    const of = (action: keyof RoomCounts) => seconds.map((counts) => counts[action]);
    return { approve: of('approve'), review: of('review'), decline: of('decline') };
  }

  #second(perSecond: number): RoomCounts {
    const part = (share: number) => Math.floor(perSecond * share + this.#random.next());
    return { approve: part(0.9), review: part(0.07), decline: part(0.03) };
  }

  /** What a gateway that has run at this rate for long would tell; `hasSeries` as in a snapshot. */
  totals(perSecond: number, nowMs: number, hasSeries = false): FeedTotals {
    const open = [...this.ledger.holds.values()].filter(({ status }) => status === 'open');
    const held = open.reduce((sum, { remaining_minor }) => sum + BigInt(remaining_minor), 0n);
    return {
      outcomes: this.#seq,
      per_second: perSecond,
      last_5_min: { ...this.#counts },
      last_second: this.#second(perSecond),
      ...(hasSeries && { last_2_min: this.#twoMinutes(perSecond) }),
      answer_ms: { p50: 13.4 + this.#random.next(), p99: 38 + 4 * this.#random.next() },
      ledger: {
        ledger_seq: this.ledger.transfers.length,
        currencies: [{ ...this.ledger.sums('EUR'), balanced: true, holds: open.length, held_minor: held.toString() }],
        oldest_hold_at: open[0]?.placed_at ?? null,
        at: new Date(nowMs).toISOString(),
      },
    };
  }

  /** The second order has the id of the first, at another merchant: ids are unique at one merchant only. */
  #drawOrder() {
    const [first] = this.#archive;
    const merchant = this.#random.pick(MERCHANTS);
    this.#orders++;
    if (this.#orders !== 2 || !first) return { merchant, transactionId: `order-${FIRST_ORDER + this.#orders}` };
    return { merchant: MERCHANTS.find((name) => name !== first.merchant_id) ?? merchant, transactionId: first.transaction_id };
  }

  #move(kind: Movement['kind'], debitId: string, creditId: string, rest: Omit<Movement, 'kind' | 'debitId' | 'creditId'>) {
    return this.ledger.move({ kind, debitId, creditId, ...rest });
  }

  #keepBooks(
    action: FeedItem['action'],
    { payer, merchant, ...rest }: { payer: number; merchant: string } & Omit<Movement, 'kind' | 'debitId' | 'creditId'>,
  ) {
    if (action === 'decline') return undefined;
    const transfer = this.#move(action === 'review' ? 'hold' : 'post', accountOf(payer), `merchant:${merchant}:EUR`, rest);
    const luck = this.#random.next();
    if (luck < 0.012) this.#settleSomeHold(rest.atMs);
    else if (luck > 0.99) this.#refundSome(rest.atMs);
    return transfer;
  }

  /** Gives a part of one of the last payments back. */
  #refundSome(atMs: number): void {
    const paid = this.ledger.transfers.slice(-40).find(({ kind }) => kind === 'post');
    if (!paid) return;
    this.#move('reversal', paid.credit.account_id, paid.debit.account_id, {
      amountMinor: Math.ceil(Number(paid.amount_minor) / 2),
      atMs,
      relatedTo: paid.transfer_id,
    });
  }

  #settleSomeHold(atMs: number): void {
    const hold = [...this.ledger.holds.values()].find(({ status }) => status === 'open');
    if (!hold) return;
    this.ledger.move({
      kind: this.#random.next() < 0.7 ? 'capture' : 'void',
      debitId: hold.debit_account_id,
      creditId: hold.credit_account_id,
      amountMinor: Number(hold.remaining_minor),
      atMs,
      relatedTo: hold.hold_id,
    });
  }

  #drawScore(): number {
    const luck = this.#random.next();
    if (luck < 0.9) return this.#random.whole(2, 180);
    if (luck < 0.955) return this.#random.whole(180, REVIEW_FROM - 1);
    return luck < 0.982 ? this.#random.whole(REVIEW_FROM, DECLINE_FROM - 1) : this.#random.whole(DECLINE_FROM, 990);
  }

  #drawStages() {
    const near = (ms: number) => Math.round(ms * (0.6 + this.#random.next()) * 100) / 100;
    return { ingest: near(2.4), to_scoring: near(2.1), scoring: near(1.4), to_ledger: near(2.2), ledger: near(5.6) };
  }

  #drawReasons(score: number, amountMinor: number): Reason[] {
    const isHigh = score >= 180;
    const kinds = isHigh ? REASONS : CALM;
    return Array.from({ length: isHigh ? 3 : 2 }, (_, index) => {
      const kind = kinds[(index + (score % 3)) % kinds.length] ?? REASONS[0];
      if (!kind) throw new RangeError('there are no reasons');
      const weight = ((isHigh ? 1 : -1) * Math.round((2.9 - index * 0.8) * (0.7 + this.#random.next() * 0.5) * 100)) / 100;
      return { ...kind, message: messageOf(kind, amountMinor, this.#random), weight };
    });
  }
}

const STATES = { approve: 'posted', review: 'pending', decline: 'none' } as const;

function actionOf(score: number): FeedItem['action'] {
  if (score >= DECLINE_FROM) return 'decline';
  return score >= REVIEW_FROM ? 'review' : 'approve';
}

const accountOf = (payer: number) => `customer:ACC-${20_400 + payer * 37}:EUR`;

function messageOf({ category, effect }: Pick<Reason, 'category' | 'effect'>, amountMinor: number, random: SeededRandom): string {
  const amount = (amountMinor / 100).toFixed(2);
  if (category === 'amount') return `${amount}, usually ${(amountMinor / 100 / random.whole(2, 20)).toFixed(2)}`;
  if (category === 'terminal' && effect === 'lowers')
    return `no known fraud among ${random.whole(12, 90)} payments in 30 days up to a week ago`;
  if (category === 'terminal')
    return `${random.whole(2, 4)} known frauds among ${random.whole(12, 90)} payments in 7 days up to a week ago, usually none`;
  if (category === 'velocity') return `${random.whole(3, 8)} in 24 h, usually 0.4`;
  return category === 'time' ? 'Tuesday 03:12 UTC, at night' : `about the usual ${amount}`;
}
