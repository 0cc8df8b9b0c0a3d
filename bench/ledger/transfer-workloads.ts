import { Draws } from './draw.ts';
import { commandId, type Workload, type WorkloadOptions } from './workload.ts';
import { ZipfTable } from './zipf-table.ts';

/** Lanes of the draws, so that no two questions about a position get the same answer. */
const DEBIT = 0;
const CREDIT = 1;
const AMOUNT = 2;
const HOT = 3;
const ALIAS = 4;

interface Shape extends Omit<Workload, 'commandAt'> {
  readonly debit: (position: number) => number;
  readonly credit: (position: number) => number;
  readonly amountMinor: (position: number) => number;
}

/** `tigerbeetle benchmark` as it comes: uniform over 10,000 accounts, amounts exponential around 10,000, batches of 8,189. */
export function uniformWorkload(options: WorkloadOptions): Workload {
  const draws = new Draws(options.seed);
  const accounts = options.accounts ?? 10_000;
  return stream(options, {
    name: 'W1',
    about: `tigerbeetle benchmark defaults: ${accounts} accounts, uniform, exponential amounts`,
    accounts,
    openingMinor: null,
    batch: 8_189,
    clients: 16,
    debit: (position) => draws.below(accounts, position, DEBIT),
    credit: (position) => draws.below(accounts, position, CREDIT),
    amountMinor: (position) => exponential(draws.unit(position, AMOUNT)),
  });
}

/** The same with a few accounts that pay most of the transfers. */
export function hotWorkload(options: WorkloadOptions): Workload {
  const draws = new Draws(options.seed);
  const accounts = options.accounts ?? 10_000;
  const { hotAccounts, hotPercent } = options;
  if (hotAccounts >= accounts) throw new RangeError(`${hotAccounts} hot accounts among ${accounts}: there have to be cold ones`);
  const cold = (position: number, lane: number) => hotAccounts + draws.below(accounts - hotAccounts, position, lane);
  return stream(options, {
    name: 'W2',
    about: `tigerbeetle benchmark, hot: ${hotAccounts} of ${accounts} accounts pay ${hotPercent} % of the transfers`,
    accounts,
    openingMinor: null,
    batch: 8_189,
    clients: 16,
    debit: (position) => (draws.unit(position, HOT) * 100 < hotPercent ? draws.below(hotAccounts, position, DEBIT) : cold(position, DEBIT)),
    credit: (position) => cold(position, CREDIT),
    amountMinor: (position) => exponential(draws.unit(position, AMOUNT)),
  });
}

/** tb-perf: Zipf on both sides over 100,000 accounts that own 1,000,000 each and may not overdraw. */
export function zipfWorkload(options: WorkloadOptions): Workload {
  const draws = new Draws(options.seed);
  const accounts = options.accounts ?? 100_000;
  const table = new ZipfTable(accounts, 1);
  // Ranks are scattered over the accounts, so that the busy ones do not lie on the same pages because they were opened first.
  const step = coprimeStep(accounts);
  const account = (position: number, lane: number) => {
    const rank = table.rank(draws.unit(position, lane), draws.unit(position, ALIAS + lane));
    return (rank * step) % accounts;
  };
  return stream(options, {
    name: 'W4',
    about: `tb-perf: ${accounts} accounts, Zipf 1.0 on both sides, 1,000,000 each without overdraft, amounts 1 to 1,000`,
    accounts,
    openingMinor: 1_000_000,
    batch: 1_000,
    clients: 16,
    debit: (position) => account(position, DEBIT),
    credit: (position) => account(position, CREDIT),
    amountMinor: (position) => 1 + draws.below(1_000, position, AMOUNT),
  });
}

/** pgledger's performance check: 20 workers, one transfer a call, between 50 accounts without limits. */
export function fewAccountsWorkload(options: WorkloadOptions): Workload {
  const draws = new Draws(options.seed);
  const accounts = options.accounts ?? 50;
  return stream(options, {
    name: 'W5',
    about: `pgledger's check: ${accounts} accounts, uniform, no limits, amounts of 32 bits`,
    accounts,
    openingMinor: null,
    batch: 1,
    clients: 20,
    debit: (position) => draws.below(accounts, position, DEBIT),
    credit: (position) => draws.below(accounts, position, CREDIT),
    amountMinor: (position) => 1 + draws.bits(position, AMOUNT),
  });
}

function stream(options: WorkloadOptions, shape: Shape): Workload {
  const { debit, credit, amountMinor, ...about } = shape;
  return {
    ...about,
    commandAt(position) {
      const from = debit(position);
      const to = credit(position);
      // Where both fall on one account, the next one is credited.
      return {
        kind: 'post',
        id: commandId(options, position),
        debit: from,
        credit: to === from ? (to + 1) % about.accounts : to,
        amountMinor: amountMinor(position),
      };
    },
  };
}

/** Mean 10,000, at least 1. */
function exponential(unit: number): number {
  return 1 + Math.floor(-Math.log(1 - unit) * 10_000);
}

/** A step that visits every one of `count` places before it comes to the first again. */
function coprimeStep(count: number): number {
  let step = Math.max(1, Math.floor(count * 0.618));
  while (gcd(step, count) !== 1) step++;
  return step;
}

function gcd(a: number, b: number): number {
  return b === 0 ? a : gcd(b, a % b);
}
