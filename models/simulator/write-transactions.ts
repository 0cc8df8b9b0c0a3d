import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { FILE_COLUMNS, LABEL_COLUMN } from './transaction-file.ts';
import { DAY_S, SCENARIO, type World } from './world.ts';

/** Rows that are packed at a time. */
const BLOCK_ROWS = 4_096;

/** How a world is written. */
export interface WriteOptions {
  /** Adds `LABEL_COLUMN`, from the world's label delay. */
  readonly withLabels: boolean;
  readonly onProgress?: (rowsDone: number, rows: number) => void;
  /** Stops the writing, and nothing is left of it. */
  readonly signal?: AbortSignal;
}

/**
 * Writes a world as a transaction file that `readTransactions` reads, in the format of the published data.
 *
 * The file appears under its name when it is whole: until then it is `<file>.partial`, which is removed when the writing fails.
 * Rejects with the error of the file system, or with the signal's reason.
 */
export async function writeTransactions(world: World, file: string, options: WriteOptions): Promise<void> {
  const partial = `${file}.partial`;
  try {
    const steps = [Readable.from(renderBlocks(world, options)), createGzip(), createWriteStream(partial)] as const;
    await pipeline(...steps, options.signal === undefined ? {} : { signal: options.signal });
    await rename(partial, file);
  } catch (error) {
    await rm(partial, { force: true });
    // Stopped streams fail in several ways at once; the cause is one.
    options.signal?.throwIfAborted();
    throw error;
  }
}

function* renderBlocks(world: World, options: WriteOptions): Generator<string, void, undefined> {
  yield options.withLabels ? `${FILE_COLUMNS},${LABEL_COLUMN}\n` : `${FILE_COLUMNS}\n`;
  for (let from = 0; from < world.count; from += BLOCK_ROWS) {
    const until = Math.min(from + BLOCK_ROWS, world.count);
    let block = '';
    for (let row = from; row < until; row += 1) block += renderRow(world, row, options.withLabels);
    yield block;
    options.onProgress?.(until, world.count);
  }
}

function renderRow(world: World, row: number, withLabel: boolean): string {
  const timeS = world.timeS[row] ?? 0;
  const scenario = world.scenario[row] ?? SCENARIO.genuine;
  const parties = `${world.customer[row] ?? 0},${world.terminal[row] ?? 0}`;
  const label = withLabel ? `,${renderTime(world, timeS + Math.round(world.options.labelDelayDays * DAY_S))}` : '';
  const fraud = scenario === SCENARIO.genuine ? 0 : 1;
  return `${row},${renderTime(world, timeS)},${parties},${world.amountMinor[row] ?? 0},${fraud},${scenario}${label}\n`;
}

/** `2018-04-01T00:00:31Z` */
function renderTime(world: World, timeS: number): string {
  return `${new Date(world.options.startMs + timeS * 1000).toISOString().slice(0, 19)}Z`;
}
