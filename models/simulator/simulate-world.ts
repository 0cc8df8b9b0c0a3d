import { drawCustomers, drawTerminals } from './draw-map.ts';
import { drawTransactions } from './draw-transactions.ts';
import { markFrauds } from './mark-frauds.ts';
import { TransactionColumns } from './transaction-columns.ts';
import { type World, type WorldInput, WorldOptions } from './world.ts';

/** Customers between two reports of progress. */
const REPORT_EVERY = 50;

/**
 * Simulates card transactions and frauds after the Fraud Detection Handbook's simulator (chapter 3, "Transaction data simulator").
 *
 * With no options it gives exactly the handbook's published data, but for the order of rows within the same second. The same options
 * give the same world on every machine. Runs in one go, a second or two per million transactions, and tells `onProgress` how many of
 * the customers are done. Throws a `ZodError` naming the option that does not fit.
 */
export function simulateWorld(input: WorldInput = {}, onProgress?: (customersDone: number, customers: number) => void): World {
  const options = WorldOptions.parse(input);
  const people = { customers: drawCustomers(options), terminals: drawTerminals(options) };
  const columns = new TransactionColumns();
  for (let customer = 0; customer < options.customers; customer += 1) {
    if (customer % REPORT_EVERY === 0) onProgress?.(customer, options.customers);
    drawTransactions(options, people, customer, columns);
  }
  const sorted = columns.sorted();
  const world = { options, ...sorted, scenario: new Uint8Array(sorted.count) };
  markFrauds(world);
  onProgress?.(options.customers, options.customers);
  return world;
}
