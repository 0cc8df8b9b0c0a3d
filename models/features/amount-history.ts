import type { ByteReader, ByteWriter } from './state-bytes.ts';

/** Amounts are counted in steps of 5 %, from 0.50 to about 130,000. */
const STEP = Math.log(1.05);
const FIRST = 0.5;
const BINS = 256;
const COUNT_MOST = 0xffff;
/** Payments above this many medians do not move the usual amount. */
const USUAL_MOST = 2.6;
const HIGH_SHARE = 0.95;

const EDGES = Float64Array.from({ length: BINS + 1 }, (_, bin) => (bin === 0 ? 0 : FIRST * Math.exp(STEP * (bin - 1))));
/** What an amount in the middle of a bin is. */
const MIDDLES = Float64Array.from({ length: BINS }, (_, bin) => ((EDGES[bin] as number) + (EDGES[bin + 1] as number)) / 2);

/** What a payer's amounts are like; zeros where there are none. */
export interface AmountSummary {
  count: number;
  median: number;
  /** 95 % quantile. */
  high: number;
  usual: number;
  /** Share of amounts that are at most the one asked about. */
  rank: number;
}

/** Counts of a payer's amounts over their whole life: whatever order they come in, it is the same. */
export class AmountHistory {
  readonly #counts = new Uint16Array(BINS);
  #count = 0;

  get count(): number {
    return this.#count;
  }

  add(amount: number): void {
    const bin = binOf(amount);
    if (this.#counts[bin] === COUNT_MOST) return;
    this.#counts[bin] = (this.#counts[bin] ?? 0) + 1;
    this.#count++;
  }

  /** Describes the amounts, with and without regard to `amount` itself: `ownCount` is how often to leave it out, 0 or 1. */
  summarise(amount: number, ownCount: number, summary: AmountSummary): void {
    const own = binOf(amount);
    const counts = this.#counts;
    const left = Math.min(ownCount, counts[own] as number);
    counts[own] = (counts[own] as number) - left;
    const count = this.#count - left;
    summary.count = count;
    if (count > 0) this.#measure(own, count, summary);
    else summary.median = summary.high = summary.usual = summary.rank = 0;
    counts[own] = counts[own] + left;
  }

  writeTo(writer: ByteWriter): void {
    let used = 0;
    for (const count of this.#counts) if (count > 0) used++;
    writer.u32(used);
    this.#counts.forEach((count, bin) => {
      if (count === 0) return;
      writer.u32(bin);
      writer.u32(count);
    });
  }

  static readFrom(reader: ByteReader): AmountHistory {
    const history = new AmountHistory();
    for (let used = reader.u32(); used > 0; used--) {
      const bin = reader.u32();
      const count = reader.u32();
      history.#counts[bin] = count;
      history.#count += count;
    }
    return history;
  }

  #measure(own: number, count: number, summary: AmountSummary): void {
    const counts = this.#counts;
    summary.median = summary.high = NaN;
    let usualUpTo = Infinity;
    let usualCount = 0;
    let usualSum = 0;
    let atMostOwn = 0;
    for (let bin = 0, below = 0; below < count; bin++) {
      const here = counts[bin] as number;
      if (here === 0) continue;
      const middle = MIDDLES[bin] as number;
      if (middle <= usualUpTo) {
        usualCount += here;
        usualSum += here * middle;
      }
      if (Number.isNaN(summary.median) && below + here >= count / 2) {
        summary.median = valueWithin(bin, (count / 2 - below) / here);
        usualUpTo = USUAL_MOST * summary.median;
      }
      if (Number.isNaN(summary.high) && below + here >= HIGH_SHARE * count) {
        summary.high = valueWithin(bin, (HIGH_SHARE * count - below) / here);
      }
      below += here;
      if (bin <= own) atMostOwn = below;
    }
    summary.rank = atMostOwn / count;
    summary.usual = usualSum / usualCount;
  }
}

function binOf(amount: number): number {
  if (!(amount >= FIRST)) return 0;
  return Math.min(BINS - 1, 1 + Math.floor(Math.log(amount / FIRST) / STEP));
}

/** The amount at a share of the way through a bin. */
function valueWithin(bin: number, share: number): number {
  const low = EDGES[bin] as number;
  return low + share * ((EDGES[bin + 1] as number) - low);
}
