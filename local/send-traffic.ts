import { nowMs } from '@trancendos/platform/clock';
import { Command } from 'commander';
import { TrafficClient } from './traffic-client.ts';
import { readMerchants, type DemoMerchant } from './traffic-keys.ts';
import { sendOpenLoop } from './traffic-open-loop.ts';
import { Pace, parseRate } from './traffic-pace.ts';
import { RowProgress } from './traffic-progress.ts';
import { TrafficSender } from './traffic-sender.ts';
import { readTrafficState, writeTrafficState, type TrafficState } from './traffic-state.ts';
import { Tally } from './traffic-tally.ts';
import { beginWorld, HISTORY_DAYS, Timeline } from './traffic-timeline.ts';
import { warmUp } from './traffic-warm-up.ts';

const LINE_EVERY_MS = 15_000;
const SAVE_EVERY_MS = 2_000;
/** Payments without an answer; when the platform is away the demo waits with so many in hand. */
const IN_FLIGHT_MAX = 200;
/** What is in flight when the demo is stopped gets so long to be answered. */
const DRAIN_MS = 5_000;
/** Labels that were due this long before the demo stopped may not have arrived; a repeated label counts once. */
const LABELS_AGAIN_MS = 86_400_000;

interface Options {
  readonly api: string;
  readonly keys: string;
  readonly state: string;
  readonly rate: number;
}

const options = new Command('send-traffic')
  .description('Demo traffic: imports simulated history, then sends simulated payments and their labels in time lapse, for ever.')
  .requiredOption('--api <url>', 'address of the merchant API')
  .requiredOption('--keys <file>', 'JSON object of merchant id to API key')
  .requiredOption('--state <file>', 'where to remember how far it has come')
  .option('--rate <n>', 'payments a second', parseRate, 20)
  .parse()
  .opts<Options>();

const stop = new AbortController();
const merchants = await readMerchants(options.keys);
const tally = new Tally();
const client = new TrafficClient({ api: options.api, signal: stop.signal, onRetry: () => tally.retry() });
const say = (line: string) => void process.stdout.write(`traffic: ${line}\n`);

for (const event of ['SIGINT', 'SIGTERM', 'disconnect'] as const) {
  process.on(event, () => {
    stop.abort();
    setTimeout(() => process.exit(0), DRAIN_MS).unref();
  });
}
const lines = setInterval(() => say(tally.line()), LINE_EVERY_MS);
try {
  let state = (await readTrafficState(options.state)) ?? beginWorld(0, nowMs());
  while (!stop.signal.aborted) state = await sendWorld(state, merchants);
} finally {
  clearInterval(lines);
  await client.close();
}
say(tally.line());
if (process.connected) process.disconnect?.(); // the channel to `npm start` would keep the process alive

/** Sends what is left of a world and gives the beginning of the next one; or how far it came, when it was stopped. */
async function sendWorld(state: TrafficState, senders: readonly DemoMerchant[]): Promise<TrafficState> {
  const timeline = new Timeline(state);
  if (timeline.isOver(nowMs())) return beginWorld(state.world + 1, nowMs());
  const imported = await importHistory(timeline, state, senders);
  if (stop.signal.aborted) return imported;
  const nextRow = await sendPayments(timeline, imported, senders);
  return { ...imported, nextRow };
}

async function importHistory(timeline: Timeline, state: TrafficState, senders: readonly DemoMerchant[]): Promise<TrafficState> {
  let current = state;
  if (current.historyDays < HISTORY_DAYS)
    say(`importing ${HISTORY_DAYS} days of history, ${timeline.firstRowOfDay(HISTORY_DAYS)} transactions`);
  const startedMs = nowMs();
  await warmUp({
    timeline,
    merchants: senders,
    client,
    fromDay: state.historyDays,
    signal: stop.signal,
    onDay: async (historyDays) => {
      current = { ...current, historyDays, nextRow: timeline.firstRowOfDay(HISTORY_DAYS) };
      await writeTrafficState(options.state, current);
      if (historyDays % 10 === 0)
        say(`${historyDays} of ${HISTORY_DAYS} days imported after ${((nowMs() - startedMs) / 1000).toFixed(1)} s`);
    },
  });
  return current;
}

/** Sends payments to the end of the world, or until it is stopped; gives the first row that was not answered. */
async function sendPayments(timeline: Timeline, state: TrafficState, senders: readonly DemoMerchant[]): Promise<number> {
  const sender = new TrafficSender({ client, merchants: senders, tally });
  const clockMs = timeline.row(state.nextRow).occurredAtMs;
  for (let index = 0; index < state.nextRow; index++) {
    const row = timeline.row(index);
    if (row.labelKnownAtMs > Math.max(timeline.historyEndMs(), clockMs - LABELS_AGAIN_MS)) sender.labels.add(row);
  }
  const progress = new RowProgress(state.nextRow);
  const save = () => writeTrafficState(options.state, { ...state, nextRow: progress.firstUnanswered() });
  const saving = setInterval(() => void save(), SAVE_EVERY_MS);
  say(`sending ${options.rate} payments a second from row ${state.nextRow} of ${timeline.length}, ${new Date(clockMs).toISOString()}`);
  await sendOpenLoop(progress.rows(timeline.length), {
    pace: new Pace(options.rate, nowMs()),
    inFlightMax: IN_FLIGHT_MAX,
    signal: stop.signal,
    send: async (index, dueMs) => {
      if (await sender.send(timeline.row(index), dueMs)) progress.answered(index);
    },
  });
  clearInterval(saving);
  await save();
  return progress.firstUnanswered();
}
