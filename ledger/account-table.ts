import type { Account } from './account.ts';

/** What an account is besides its counters and its position: one object for all versions until something of it changes. */
type Terms = Omit<Account, 'debitsPosted' | 'creditsPosted' | 'debitsPending' | 'creditsPending' | 'version' | 'ledgerSeq'>;

const COUNTERS = 4;
const POSITIONS = 2;
const SMALLEST = 1 << 10;

/**
 * The newest version of every account that is in memory, in the order in which they came. Counters and positions are kept as plain numbers
 * outside of the heap: kept as they are, every version of an account would outlive a collection of young garbage, and be copied by two, and
 * that was nearly half of what they copied. No counter is above `COUNTER_MAX_MINOR`, which fits with room to spare.
 */
export class AccountTable {
  readonly #places = new Map<string, number>();
  readonly #terms: (Terms | undefined)[] = [];
  readonly #free: number[] = [];
  #counters = new BigInt64Array(SMALLEST * COUNTERS);
  #positions = new Float64Array(SMALLEST * POSITIONS);

  get size(): number {
    return this.#places.size;
  }

  has(id: string): boolean {
    return this.#places.has(id);
  }

  /** Whether velocity limits hold for it; undefined where the account is not here. As `get`, without making anything. */
  isLimited(id: string): boolean | undefined {
    const place = this.#places.get(id);
    return place === undefined ? undefined : (this.#terms[place] as Terms).velocity.length > 0;
  }

  get(id: string): Account | undefined {
    const place = this.#places.get(id);
    return place === undefined ? undefined : this.#read(place);
  }

  set(account: Account): void {
    let place = this.#places.get(account.id);
    if (place === undefined) this.#places.set(account.id, (place = this.#open()));
    const terms = this.#terms[place];
    if (!terms || !isUnder(account, terms)) this.#terms[place] = termsOf(account);
    const counters = this.#counters;
    const at = place * COUNTERS;
    counters[at] = account.debitsPosted;
    counters[at + 1] = account.creditsPosted;
    counters[at + 2] = account.debitsPending;
    counters[at + 3] = account.creditsPending;
    this.#positions[place * POSITIONS] = account.version;
    this.#positions[place * POSITIONS + 1] = account.ledgerSeq;
  }

  keys(): Iterable<string> {
    return this.#places.keys();
  }

  *values(): Iterable<Account> {
    for (const place of this.#places.values()) yield this.#read(place);
  }

  /** Lets the oldest go that were last changed up to that position, until no more than `keep` are left. */
  forgetOldest(committedSeq: number, keep: number): void {
    for (const [id, place] of this.#places) {
      if (this.#places.size <= keep) return;
      if ((this.#positions[place * POSITIONS + 1] as number) > committedSeq) continue;
      this.#places.delete(id);
      this.#terms[place] = undefined;
      this.#free.push(place);
    }
  }

  #read(place: number): Account {
    const terms = this.#terms[place] as Terms;
    const counters = this.#counters;
    const at = place * COUNTERS;
    return {
      id: terms.id,
      number: terms.number,
      kind: terms.kind,
      currency: terms.currency,
      debitsPosted: counters[at] as bigint,
      creditsPosted: counters[at + 1] as bigint,
      debitsPending: counters[at + 2] as bigint,
      creditsPending: counters[at + 3] as bigint,
      overdraftMinor: terms.overdraftMinor,
      status: terms.status,
      onExpiry: terms.onExpiry,
      velocity: terms.velocity,
      metadata: terms.metadata,
      version: this.#positions[place * POSITIONS] as number,
      ledgerSeq: this.#positions[place * POSITIONS + 1] as number,
    };
  }

  #open(): number {
    const freed = this.#free.pop();
    if (freed !== undefined) return freed;
    const place = this.#terms.length;
    this.#terms.push(undefined);
    if ((place + 1) * COUNTERS > this.#counters.length) this.#grow();
    return place;
  }

  #grow(): void {
    const [counters, positions] = [this.#counters, this.#positions];
    this.#counters = new BigInt64Array(2 * counters.length);
    this.#counters.set(counters);
    this.#positions = new Float64Array(2 * positions.length);
    this.#positions.set(positions);
  }
}

function isUnder(account: Account, terms: Terms): boolean {
  return (
    account.status === terms.status &&
    account.overdraftMinor === terms.overdraftMinor &&
    account.onExpiry === terms.onExpiry &&
    account.velocity === terms.velocity &&
    account.metadata === terms.metadata
  );
}

function termsOf({ id, number, kind, currency, overdraftMinor, status, onExpiry, velocity, metadata }: Account): Terms {
  return { id, number, kind, currency, overdraftMinor, status, onExpiry, velocity, metadata };
}
