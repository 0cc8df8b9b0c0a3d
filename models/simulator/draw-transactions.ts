import { type Customers, type Terminals, terminalsWithin } from './draw-map.ts';
import { NumpyRandom } from './draw-numpy.ts';
import { PythonRandom } from './draw-python.ts';
import { streamSeed } from './stream-seed.ts';
import type { TransactionColumns } from './transaction-columns.ts';
import { DAY_S, type WorldOptions } from './world.ts';

const NOON_S = DAY_S / 2;
const TIME_DEVIATION_S = 20_000;

/**
 * Draws all genuine transactions of one customer, from two streams of its own, and adds them day by day to `columns`.
 *
 * Every day has a Poisson number of transactions. Their times are normal around noon, and those outside the day are dropped. Amounts
 * are normal with half their mean as deviation, and a negative one is replaced by a uniform one of the same mean. Each terminal within
 * reach is as likely as any other; a customer who reaches none pays nowhere.
 */
export function drawTransactions(
  options: WorldOptions,
  people: { readonly customers: Customers; readonly terminals: Terminals },
  customer: number,
  columns: TransactionColumns,
): void {
  const { customers, terminals } = people;
  const reach = terminalsWithin(terminals, customers.x[customer] ?? 0, customers.y[customer] ?? 0, options.radius);
  if (reach.length === 0) return;
  const numpy = new NumpyRandom(streamSeed(options, customer));
  const python = new PythonRandom(streamSeed(options, customer));
  const meanAmount = customers.meanAmount[customer] ?? 0;
  const perDay = customers.transactionsPerDay[customer] ?? 0;
  for (let day = 0; day < options.days; day += 1) {
    for (let left = numpy.poisson(perDay); left > 0; left -= 1) {
      const time = Math.trunc(numpy.normal(NOON_S, TIME_DEVIATION_S));
      if (time <= 0 || time >= DAY_S) continue;
      const amountMinor = drawAmountMinor(numpy, meanAmount);
      const terminal = reach[python.below(reach.length)] ?? 0;
      columns.add({ timeS: day * DAY_S + time, customer, terminal, amountMinor });
    }
  }
}

function drawAmountMinor(numpy: NumpyRandom, mean: number): number {
  const normal = numpy.normal(mean, mean / 2);
  return roundHalfToEven((normal < 0 ? numpy.uniform(0, mean * 2) : normal) * 100);
}

/** Rounds as IEEE 754 does by default, and so NumPy: an exact half goes to the even neighbour. */
function roundHalfToEven(value: number): number {
  const rounded = Math.round(value);
  return rounded - value === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
}
