import { expireDueHolds } from '@trancendos/ledger/expire-due-holds';
import type { Writer } from '@trancendos/ledger/write-batches';
import { connectPostgres } from '@trancendos/platform/postgres';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { commandOf, COMMANDS_TOPIC, entryOf, MOST_CALLERS, openWriter } from './alervato-engine.ts';
import { openWorkload, WORKLOADS } from './open-workload.ts';
import type { Workload } from './workload.ts';

/** What a writer process is told when it starts. */
export const WriterOrders = z.object({
  databaseUrl: z.string(),
  workload: z.enum(WORKLOADS as ['W10', ...typeof WORKLOADS]),
  options: z.object({
    seed: z.number(),
    idsFromMs: z.number(),
    accounts: z.number().optional(),
    hotAccounts: z.number(),
    hotPercent: z.number(),
  }),
  batch: z.number(),
});
export type WriterOrders = z.infer<typeof WriterOrders>;

/** What it tells: where the journal stands when it takes over, and after each batch up to where everything is committed. */
export type WriterNews =
  | { readonly kind: 'claimed'; readonly position: number }
  | {
      readonly kind: 'committed';
      readonly position: number;
      readonly commands: number;
      readonly transfers: number;
      readonly latencyMs: number;
      readonly cpuMicros: number;
    }
  | { readonly kind: 'drained' };

const EXPIRE_EVERY_MS = 250;

/**
 * A writer on its own, to be killed: takes the stream from where the journal says, as fast as it is committed. At the message `drain` it takes
 * no more, lets the holds expire that are due, and says so. Any fault ends it; whoever watches starts another.
 */
const orders = WriterOrders.parse(JSON.parse(process.argv[2] ?? '{}'));
const workload = openWorkload(orders.workload, orders.options);
const postgres = await connectPostgres({
  url: orders.databaseUrl,
  applicationName: 'bench-writer',
  poolMax: MOST_CALLERS + 1,
  queryTimeoutMs: 60_000,
});
let transfers = 0;
const writer = openWriter(postgres, {
  onCommitted: ({ effects }) => void (transfers += effects.transfers.length),
  keptMax: workload.accounts + 50_000,
});
let cpuBefore = process.cpuUsage();
const draining = new AbortController();
process.on('message', () => draining.abort());
process.on('disconnect', () => process.exit(1));

let position = Number((await writer.startAt('ledgerCommands', [0])).get(0) ?? 0n);
tell({ kind: 'claimed', position });
const clock = tickUntil(draining.signal);
await Promise.all(Array.from({ length: MOST_CALLERS }, () => postUntil(draining.signal)));
await clock;
await letExpire(writer);
tell({ kind: 'drained' });
await postgres.stop();
process.exit(0);

/** Offsets are positions of the stream: so the journal's cursor says where a successor begins. */
async function postUntil(signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const { entries, end } = take(workload, position);
    position = end;
    const askedMs = performance.now();
    await writer.submit(entries);
    const made = transfers;
    transfers = 0;
    tell({
      kind: 'committed',
      position: end,
      commands: entries.length,
      transfers: made,
      latencyMs: performance.now() - askedMs,
      cpuMicros: cpuSinceLast(),
    });
  }
}

function take(stream: Workload, from: number) {
  const entries: ReturnType<typeof entryOf>[] = [];
  let end = from;
  while (entries.length < orders.batch) {
    const command = stream.commandAt(end);
    if (command) entries.push(entryOf(commandOf(command), COMMANDS_TOPIC, BigInt(end)));
    end++;
  }
  return { entries, end };
}

async function tickUntil(signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await expireDueHolds({ pool: postgres.pool, writer, signal });
    await sleep(EXPIRE_EVERY_MS, undefined, { signal }).catch(() => undefined);
  }
}

/** Until two looks, as far apart as a hold that is to expire soon stays open, find nothing. */
async function letExpire(by: Writer): Promise<void> {
  for (let quietMs = 0; quietMs < 3_000; quietMs += EXPIRE_EVERY_MS) {
    if ((await expireDueHolds({ pool: postgres.pool, writer: by, signal: new AbortController().signal })) > 0) quietMs = 0;
    await sleep(EXPIRE_EVERY_MS);
  }
}

/** Of this process, since it was last asked. */
function cpuSinceLast(): number {
  const { user, system } = process.cpuUsage(cpuBefore);
  cpuBefore = process.cpuUsage();
  return user + system;
}

function tell(news: WriterNews): void {
  process.send?.(news);
}
