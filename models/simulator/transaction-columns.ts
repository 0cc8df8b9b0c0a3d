/** Rows that a new collection has room for. */
const FIRST_CAPACITY = 1 << 16;

/** One drawn transaction. */
export interface DrawnTransaction {
  /** Seconds since the world began. */
  readonly timeS: number;
  readonly customer: number;
  readonly terminal: number;
  readonly amountMinor: number;
}

/** Transactions collected in columns that double when they are full, and handed out in the order of time. */
export class TransactionColumns {
  #timeS = new Uint32Array(FIRST_CAPACITY);
  #customer = new Uint32Array(FIRST_CAPACITY);
  #terminal = new Uint32Array(FIRST_CAPACITY);
  #amountMinor = new Float64Array(FIRST_CAPACITY);
  #count = 0;

  add(drawn: DrawnTransaction): void {
    const row = this.#count;
    if (row === this.#timeS.length) this.#double();
    this.#timeS[row] = drawn.timeS;
    this.#customer[row] = drawn.customer;
    this.#terminal[row] = drawn.terminal;
    this.#amountMinor[row] = drawn.amountMinor;
    this.#count += 1;
  }

  /** Copies of the columns, sorted by time; rows of the same second stay in the order in which they were added. */
  sorted(): { timeS: Uint32Array; customer: Uint32Array; terminal: Uint32Array; amountMinor: Float64Array; count: number } {
    const order = this.#orderOfTime();
    const count = this.#count;
    return {
      count,
      timeS: gather(this.#timeS, order, new Uint32Array(count)),
      customer: gather(this.#customer, order, new Uint32Array(count)),
      terminal: gather(this.#terminal, order, new Uint32Array(count)),
      amountMinor: gather(this.#amountMinor, order, new Float64Array(count)),
    };
  }

  /** Sorts time and row as one number, which is exact while time x rows stays below 2^53: 28 million rows over 10 years. */
  #orderOfTime(): Float64Array {
    const count = this.#count;
    const order = Float64Array.from(this.#timeS.subarray(0, count), (time, row) => time * count + row).sort();
    return order.map((key) => key % count);
  }

  #double(): void {
    this.#timeS = doubled(this.#timeS, Uint32Array);
    this.#customer = doubled(this.#customer, Uint32Array);
    this.#terminal = doubled(this.#terminal, Uint32Array);
    this.#amountMinor = doubled(this.#amountMinor, Float64Array);
  }
}

type Column = Uint32Array | Float64Array;

function doubled<T extends Column>(column: T, create: new (length: number) => T): T {
  const larger = new create(column.length * 2);
  larger.set(column);
  return larger;
}

function gather<T extends Column>(from: T, order: Float64Array, into: T): T {
  order.forEach((source, row) => {
    into[row] = from[source] ?? 0;
  });
  return into;
}
