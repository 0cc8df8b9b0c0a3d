import { readTransactions, TransactionFileError } from '@trancendos/models/simulator/read-transactions';
import type { TransactionRow } from '@trancendos/models/simulator/transaction-file';
import { nowMs } from '@trancendos/platform/clock';
import { Command, InvalidArgumentError } from 'commander';
import { TrafficClient } from './traffic-client.ts';
import { KeysFileError, readMerchants, type DemoMerchant } from './traffic-keys.ts';
import { sendOpenLoop } from './traffic-open-loop.ts';
import { Pace, parseRate } from './traffic-pace.ts';
import { shiftToPast, type TrafficRow } from './traffic-rows.ts';
import { TrafficSender } from './traffic-sender.ts';
import { Tally } from './traffic-tally.ts';

const DAY_MS = 86_400_000;
/** For files that do not say when their labels become known. */
const LABEL_DELAY_MS = 7 * DAY_MS;
const LINE_EVERY_MS = 5_000;
const IN_FLIGHT_MAX = 2_000;
const REACH_TIMEOUT_MS = 5_000;

interface Options {
  readonly file: string;
  readonly rate: number;
  readonly api: string;
  readonly key?: string;
  readonly keys: string;
  readonly limit?: number;
  readonly run?: string;
}

const options = new Command('npm run replay --')
  .description(
    'Sends the transactions of a file through the merchant API, open loop, each when it is due and not when the last is answered.',
  )
  .requiredOption('--file <file.csv.gz>', 'gzipped CSV as `npm run data:simulate` writes it, in the order of time')
  .option('--rate <n>', 'payments a second', parseRate, 100)
  .option('--api <url>', 'address of the merchant API', parseAddress, 'http://127.0.0.1:8081')
  .option('--key <key>', 'API key to send everything with')
  .option('--keys <file>', 'JSON object of merchant id to API key, to spread the terminals over', '.local/demo-keys.json')
  .option('--limit <n>', 'rows to send (default: all)', parseLimit)
  .option('--run <name>', 'part of every transaction id; the same name again repeats the same requests (default: the present time)')
  .addHelpText(
    'after',
    '\nTimes are moved by whole weeks so that none lies in the future. Labels of frauds are sent when the rows have come to their time,\n' +
      'those that become known after the last row are left out. Requests that fail are repeated with the same Idempotency-Key.',
  )
  .parse()
  .opts<Options>();

const run = options.run ?? Math.floor(Date.now() / 1000).toString(36);
const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop.abort());
const say = (text: string) => void process.stdout.write(`${text}\n`);
/** Nothing listens there; the message says what to do. */
class ApiAwayError extends Error {
  override readonly name = 'ApiAwayError';
}

try {
  await reachApi();
  await replay(await readSenders());
} catch (error) {
  if (!(error instanceof TransactionFileError) && !(error instanceof KeysFileError) && !(error instanceof ApiAwayError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}

/** An API that goes away later is waited for; one that was never there is a mistake. */
async function reachApi(): Promise<void> {
  try {
    await fetch(options.api, { signal: AbortSignal.timeout(REACH_TIMEOUT_MS) });
  } catch (error) {
    throw new ApiAwayError(`nothing answers at ${options.api}: start the platform with \`npm start\`, or name its address with --api`, {
      cause: error,
    });
  }
}

async function readSenders(): Promise<readonly DemoMerchant[]> {
  return options.key === undefined ? await readMerchants(options.keys) : [{ merchantId: 'the key', apiKey: options.key }];
}

async function replay(merchants: readonly DemoMerchant[]): Promise<void> {
  const tally = new Tally();
  const client = new TrafficClient({ api: options.api, signal: stop.signal, onRetry: () => tally.retry() });
  const sender = new TrafficSender({ client, merchants, tally });
  say('looking for the end of the file');
  const { rows, lastMs } = await measureFile();
  const shiftMs = shiftToPast(lastMs, Date.now());
  say(`sending ${rows} rows at ${options.rate} a second, times moved by ${shiftMs / (7 * DAY_MS)} weeks`);
  const lines = setInterval(() => say(tally.line()), LINE_EVERY_MS);
  const startedMs = nowMs();
  try {
    await sendOpenLoop(rowsOfFile(shiftMs), {
      pace: new Pace(options.rate, nowMs()),
      inFlightMax: IN_FLIGHT_MAX,
      signal: stop.signal,
      send: async (row, dueMs) => {
        await sender.send(row, dueMs);
      },
    });
  } finally {
    clearInterval(lines);
    await client.close();
  }
  say(tally.summary(nowMs() - startedMs));
  if (sender.labels.size > 0) say(`${sender.labels.size} labels become known after the last row and were not sent`);
}

async function measureFile(): Promise<{ rows: number; lastMs: number }> {
  let rows = 0;
  let lastMs = 0;
  for await (const row of readTransactions(options.file)) {
    if (rows === options.limit) break;
    rows++;
    lastMs = row.occurredAtMs;
  }
  return { rows, lastMs };
}

async function* rowsOfFile(shiftMs: number): AsyncGenerator<TrafficRow> {
  let sent = 0;
  for await (const row of readTransactions(options.file)) {
    if (sent++ === options.limit) return;
    yield trafficRowOf(row, shiftMs);
  }
}

function trafficRowOf(row: TransactionRow, shiftMs: number): TrafficRow {
  const labelKnownAtMs = row.labelKnownAtMs ?? row.occurredAtMs + LABEL_DELAY_MS;
  return {
    id: `tx-${run}-${String(row.transactionId).padStart(6, '0')}`,
    occurredAtMs: row.occurredAtMs + shiftMs,
    customer: row.customerId,
    terminal: row.terminalId,
    amountMinor: row.amountMinor,
    fraud: row.fraud,
    labelKnownAtMs: labelKnownAtMs + shiftMs,
  };
}

function parseAddress(text: string): string {
  if (!/^https?:\/\//.test(text) || !URL.canParse(text)) throw new InvalidArgumentError('It is not an http address.');
  return text;
}

function parseLimit(text: string): number {
  const limit = Number(text);
  if (!Number.isSafeInteger(limit) || limit < 1) throw new InvalidArgumentError('It is not a whole number of at least 1.');
  return limit;
}
