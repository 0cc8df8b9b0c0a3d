import type { MatchRule, UnmatchedReason } from '@trancendos/contracts/reconciliation';

/** A line that is not matched yet. */
export interface OpenLine {
  /** Of the file and the line in it: any order that is always the same. */
  readonly key: string;
  /** Days since the epoch. */
  readonly day: number;
  /** More than 0 came in, less than 0 went out; never 0. */
  readonly amountMinor: bigint;
  readonly reference: string | null;
}

/** A movement on the account that no line stands for yet. */
export interface OpenTransfer {
  readonly id: string;
  readonly seq: number;
  readonly day: number;
  readonly amountMinor: bigint;
  /** What a line may call it by: its id, the merchant's transaction id, the decision's id. */
  readonly references: readonly string[];
}

export interface Match {
  readonly line: string;
  readonly transferIds: readonly string[];
  readonly rule: MatchRule;
}

export interface Matching {
  readonly matches: readonly Match[];
  readonly unmatched: readonly { readonly line: string; readonly reason: UnmatchedReason }[];
}

/** Most transfers that the last rule puts together, among how many, and how many sums it forms for one line. */
const COMBINED_MAX = 4;
const COMBINED_AMONG_MAX = 40;
const SUMS_MAX = 50_000;

/**
 * Finds which transfers each line stands for, rule by rule from the surest to the boldest; within `windowDays` of the line's day. Every transfer
 * is given to at most one line, every match adds up to its line, and a rule that finds two possible answers gives none: what is ambiguous
 * is for a person. Gives the same for the same input in any order.
 */
export function matchSettlement(lines: readonly OpenLine[], transfers: readonly OpenTransfer[], windowDays: number): Matching {
  const pool = new OpenPool(transfers, windowDays);
  const matches: Match[] = [];
  const ordered = [...lines].sort((a, b) => a.day - b.day || compareText(a.key, b.key));
  let open: readonly OpenLine[] = ordered;
  for (const [rule, find] of RULES) {
    const counts = countAlike(open);
    open = open.filter((line) => {
      const found = find(line, pool, counts);
      if (!found) return true;
      for (const transfer of found) pool.take(transfer);
      matches.push({ line: line.key, transferIds: found.map(({ id }) => id), rule });
      return false;
    });
  }
  return { matches, unmatched: open.map((line) => ({ line: line.key, reason: explain(line, pool) })) };
}

type Rule = (line: OpenLine, pool: OpenPool, linesAlike: ReadonlyMap<bigint, number>) => readonly OpenTransfer[] | undefined;

const RULES: readonly (readonly [MatchRule, Rule])[] = [
  [
    'reference',
    (line, pool) => {
      const exact = pool.near(line, pool.referred(line)).filter(({ amountMinor }) => amountMinor === line.amountMinor);
      // The same reference and amount twice: it does not matter which of them, so the one nearest to the line's day.
      return exact[0] && [nearest(line, exact)];
    },
  ],
  [
    'reference_sum',
    (line, pool) => {
      const all = pool.near(line, pool.referred(line));
      return all.length > 1 && sumOf(all) === line.amountMinor ? all : undefined;
    },
  ],
  [
    'amount',
    (line, pool, linesAlike) => {
      const alike = pool.near(line, pool.ofAmount(line.amountMinor));
      return alike.length === 1 && linesAlike.get(line.amountMinor) === 1 ? alike : undefined;
    },
  ],
  [
    'day_total',
    (line, pool) => {
      const days = pool.daysNear(line).filter((of) => of.length > 1 && sumOf(of) === line.amountMinor);
      return days.length === 1 ? days[0] : undefined;
    },
  ],
  ['combination', (line, pool) => findOnlyCombination(line.amountMinor, pool.sameSignNear(line))],
];

/** The transfers that no line stands for yet, by what they are looked up by. */
class OpenPool {
  readonly #windowDays: number;
  readonly #taken = new Set<string>();
  readonly #byReference = new Map<string, OpenTransfer[]>();
  readonly #byAmount = new Map<bigint, OpenTransfer[]>();
  readonly #byDay = new Map<number, OpenTransfer[]>();

  constructor(transfers: readonly OpenTransfer[], windowDays: number) {
    this.#windowDays = windowDays;
    for (const transfer of [...transfers].sort((a, b) => a.seq - b.seq)) {
      for (const reference of new Set(transfer.references)) addTo(this.#byReference, reference, transfer);
      addTo(this.#byAmount, transfer.amountMinor, transfer);
      addTo(this.#byDay, transfer.day, transfer);
    }
  }

  take({ id }: OpenTransfer): void {
    this.#taken.add(id);
  }

  referred({ reference }: OpenLine): readonly OpenTransfer[] {
    return reference === null ? [] : this.#open(this.#byReference.get(reference));
  }

  ofAmount(amountMinor: bigint): readonly OpenTransfer[] {
    return this.#open(this.#byAmount.get(amountMinor));
  }

  near({ day }: OpenLine, transfers: readonly OpenTransfer[]): readonly OpenTransfer[] {
    return transfers.filter((transfer) => Math.abs(transfer.day - day) <= this.#windowDays);
  }

  /** What is open of each day in the window. */
  daysNear({ day }: OpenLine): (readonly OpenTransfer[])[] {
    const days: (readonly OpenTransfer[])[] = [];
    for (let near = day - this.#windowDays; near <= day + this.#windowDays; near++) days.push(this.#open(this.#byDay.get(near)));
    return days;
  }

  sameSignNear(line: OpenLine): readonly OpenTransfer[] {
    return this.daysNear(line)
      .flat()
      .filter(({ amountMinor }) => amountMinor > 0n === line.amountMinor > 0n);
  }

  #open(transfers: readonly OpenTransfer[] | undefined): readonly OpenTransfer[] {
    return transfers?.filter(({ id }) => !this.#taken.has(id)) ?? [];
  }
}

/** The only 2 to 4 of the transfers that add up to the amount; undefined where there are none, several, or too many to look at. */
function findOnlyCombination(amountMinor: bigint, among: readonly OpenTransfer[]): readonly OpenTransfer[] | undefined {
  if (among.length > COMBINED_AMONG_MAX) return undefined;
  const found: OpenTransfer[][] = [];
  let sums = 0;
  const search = (from: number, chosen: OpenTransfer[], leftMinor: bigint): void => {
    for (let place = from; place < among.length && found.length < 2 && sums <= SUMS_MAX; place++) {
      const transfer = among[place];
      if (!transfer) continue;
      sums++;
      const next = [...chosen, transfer];
      const left = leftMinor - transfer.amountMinor;
      if (left === 0n && next.length > 1) found.push(next);
      // All have the sign of the line, so what exceeds it cannot come back.
      else if (next.length < COMBINED_MAX && left !== 0n && left > 0n === amountMinor > 0n) search(place + 1, next, left);
    }
  };
  search(0, [], amountMinor);
  return found.length === 1 && sums <= SUMS_MAX ? found[0] : undefined;
}

/** Why a line is left: the nearest that a rule came to it. */
function explain(line: OpenLine, pool: OpenPool): UnmatchedReason {
  const referred = pool.referred(line);
  if (pool.near(line, referred).length > 0) return 'amount_differs';
  const alike = pool.ofAmount(line.amountMinor);
  if (pool.near(line, alike).length > 0) return 'ambiguous';
  return referred.length > 0 || alike.length > 0 ? 'outside_window' : 'no_candidate';
}

function countAlike(lines: readonly OpenLine[]): Map<bigint, number> {
  const counts = new Map<bigint, number>();
  for (const { amountMinor } of lines) counts.set(amountMinor, (counts.get(amountMinor) ?? 0) + 1);
  return counts;
}

function nearest({ day }: OpenLine, [first, ...others]: readonly OpenTransfer[]): OpenTransfer {
  if (!first) throw new RangeError('nothing to choose from');
  const distance = (transfer: OpenTransfer) => Math.abs(transfer.day - day);
  return others.reduce((best, transfer) => (distance(transfer) < distance(best) ? transfer : best), first);
}

function sumOf(transfers: readonly OpenTransfer[]): bigint {
  return transfers.reduce((sum, { amountMinor }) => sum + amountMinor, 0n);
}

function addTo<K>(map: Map<K, OpenTransfer[]>, key: K, transfer: OpenTransfer): void {
  const list = map.get(key);
  if (list) list.push(transfer);
  else map.set(key, [transfer]);
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
