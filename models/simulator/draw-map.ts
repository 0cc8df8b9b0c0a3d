import { NumpyRandom } from './draw-numpy.ts';
import { streamSeed } from './stream-seed.ts';
import type { WorldOptions } from './world.ts';

const MAP_SIDE = 100;

/** Columns over all customers: where each lives and how each pays. */
export interface Customers {
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** In major units. */
  readonly meanAmount: Float64Array;
  readonly transactionsPerDay: Float64Array;
}

/** Columns over all terminals: where each stands. */
export interface Terminals {
  readonly x: Float64Array;
  readonly y: Float64Array;
}

/** Draws the customers, one after the other from one stream. */
export function drawCustomers(options: WorldOptions): Customers {
  const random = new NumpyRandom(streamSeed(options, 0));
  const column = (): Float64Array => new Float64Array(options.customers);
  const customers = { x: column(), y: column(), meanAmount: column(), transactionsPerDay: column() };
  for (let customer = 0; customer < options.customers; customer += 1) {
    customers.x[customer] = random.uniform(0, MAP_SIDE);
    customers.y[customer] = random.uniform(0, MAP_SIDE);
    customers.meanAmount[customer] = random.uniform(5, 100);
    customers.transactionsPerDay[customer] = random.uniform(0, options.transactionsPerDayMax);
  }
  return customers;
}

/** Draws the terminals, one after the other from one stream. */
export function drawTerminals(options: WorldOptions): Terminals {
  const random = new NumpyRandom(streamSeed(options, 1));
  const terminals = { x: new Float64Array(options.terminals), y: new Float64Array(options.terminals) };
  for (let terminal = 0; terminal < options.terminals; terminal += 1) {
    terminals.x[terminal] = random.uniform(0, MAP_SIDE);
    terminals.y[terminal] = random.uniform(0, MAP_SIDE);
  }
  return terminals;
}

/** The terminals that lie nearer to the point (x, y) than `radius`, in ascending order. */
export function terminalsWithin(terminals: Terminals, x: number, y: number, radius: number): number[] {
  const within: number[] = [];
  for (let terminal = 0; terminal < terminals.x.length; terminal += 1) {
    const dx = (terminals.x[terminal] ?? 0) - x;
    if (dx >= radius || dx <= -radius) continue;
    const dy = (terminals.y[terminal] ?? 0) - y;
    if (dy >= radius || dy <= -radius) continue;
    // The root, and not the square of the radius: only so does a terminal on the very edge round as in the published data.
    if (Math.sqrt(dx * dx + dy * dy) < radius) within.push(terminal);
  }
  return within;
}
