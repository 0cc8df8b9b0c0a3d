import { basename } from 'node:path';
import { loadTransactions, transactionsOf, type Transactions } from './load-transactions.ts';
import { readTransactions } from './simulator/read-transactions.ts';
import { showProgress } from './simulator/show-progress.ts';
import { simulateWorld } from './simulator/simulate-world.ts';

/** Transactions with where they came from, in words. */
export interface Source {
  readonly transactions: Transactions;
  readonly words: string;
}

/** Reads a transaction file, or simulates the published data where none is given, and shows how far it is. */
export async function readSource(file: string | undefined): Promise<Source> {
  if (file === undefined) return { transactions: simulate(), words: 'Simulated with seed 0 of `npm run data:simulate`' };
  let shownMs = performance.now();
  const transactions = await loadTransactions(readTransactions(file), (rows) => {
    if (performance.now() - shownMs < 2_000) return;
    shownMs = performance.now();
    process.stderr.write(`reading: ${rows.toLocaleString('en')} transactions\n`);
  });
  return { transactions, words: `File \`${basename(file)}\`` };
}

function simulate(): Transactions {
  const progress = showProgress('simulating', 'customers');
  try {
    return transactionsOf(simulateWorld({}, progress.update));
  } finally {
    progress.stop();
  }
}
