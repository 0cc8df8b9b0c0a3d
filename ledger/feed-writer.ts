import { topics } from '@trancendos/contracts/topics';
import { loadConfig } from '@trancendos/platform/config';
import { postgresFields } from '@trancendos/platform/config-fields';
import { openLog } from '@trancendos/platform/log';
import { connectPostgres } from '@trancendos/platform/postgres';
import type { Resource, Scope } from '@trancendos/platform/run';
import { z } from 'zod';
import { checkInvariants } from './check-invariants.ts';
import { expireDueHolds } from './expire-due-holds.ts';
import { findCommands } from './find-commands.ts';
import { openJournalStore } from './journal-store.ts';
import { openStore } from './open-store.ts';
import { RandomWorkload, type Planned } from './random-workload.ts';
import { Writer } from './write-batches.ts';

/**
 * The process that the kill loop kills: a writer that feeds itself with a seeded workload and says on its standard output, a number a line,
 * up to where everything is acknowledged. `feed` goes on from the journal until it is killed; `verify N` reads everything up to N again.
 */
const SEED = 20_260_501;
const POLICY = { opensAtFirstSight: true, openingCreditMinor: 100_000n, customerOverdraftMinor: 0n, holdTtlMs: 2_000 };
const BATCH = 40;
/** Two of them are being committed, one is built, and one waits. */
const LANES = 4;
const log = openLog('feed-writer', { LOG_LEVEL: 'warn' });
const { DATABASE_URL } = loadConfig(z.object(postgresFields));
const scope: Pick<Scope, 'fail' | 'log' | 'open'> = {
  log,
  open: async <R extends Resource>(opening: Promise<R> | R) => await opening,
  fail: (error) => {
    log.fatal({ err: error }, 'cannot go on');
    process.exit(1);
  },
};

/** Entry `place` of the log that this process stands for; all of it is one input. */
function* workload(): Generator<Planned> {
  for (const random = new RandomWorkload(SEED); ;) yield random.next();
}

/** A writer that owns the journal, and the entry that it goes on with. `tick` lets the holds fall that are due. */
async function openFeed(): Promise<{ writer: Writer; next: number; tick: () => Promise<number> }> {
  const store = await openStore(DATABASE_URL.reveal(), scope);
  const relay = { room: () => Promise.resolve(), resume: () => Promise.resolve(), push: () => undefined, abandon: () => undefined };
  const pools = { pool: store.writing.pool, loadPool: store.loading.pool };
  const writer = new Writer({ store: openJournalStore(pools), relay, policy: POLICY, scope, keptMax: 50, decidedMax: 500, aheadMin: 1 });
  const next = Number((await writer.startAt('decisions', [0])).get(0) ?? 0n);
  return { writer, next, tick: () => expireDueHolds({ pool: pools.loadPool, writer, signal: new AbortController().signal }) };
}

async function feed(): Promise<void> {
  const { writer, next, tick } = await openFeed();
  const planned = workload();
  for (let skipped = 0; skipped < next; skipped++) planned.next();
  const lanes = new Set<Promise<void>>();
  for (let place = next; ; place += BATCH) {
    const entries = Array.from({ length: BATCH }, (_, index) => {
      const { entry } = planned.next().value as Planned;
      return { ...entry, origin: { topic: topics.decisions.name, partition: 0, offset: BigInt(place + index) } };
    });
    const lane = writer.submit(entries).then(() => void process.stdout.write(`${place + BATCH}\n`));
    lanes.add(lane);
    void lane.then(() => lanes.delete(lane));
    if (lanes.size >= LANES) await Promise.race(lanes);
    if (place % 2_000 === 0) await tick();
  }
}

/** Exits with 1 unless everything up to `acknowledged` is there, once, and the journal is sound. */
async function verify(acknowledged: number): Promise<void> {
  // Nobody has looked after the holds since the last writer was killed.
  const { tick } = await openFeed();
  while ((await tick()) > 0);
  const postgres = await connectPostgres({ url: DATABASE_URL, applicationName: 'feed-verify', queryTimeoutMs: 120_000 });
  const planned = workload();
  const ids = new Set<string>();
  for (let place = 0; place < acknowledged; place++) {
    const { entry } = planned.next().value as Planned;
    if (entry.kind === 'command') ids.add(entry.command.command_id);
  }
  const found = await findCommands(postgres.pool, [...ids]);
  const { checks } = await checkInvariants(postgres.pool);
  const broken = checks.filter(({ ok }) => !ok).map(({ name }) => name);
  const report = { acknowledged, commands: ids.size, found: new Set(found.map(({ command }) => command.command_id)).size, broken };
  process.stdout.write(`${JSON.stringify(report)}\n`);
  await postgres.stop();
  process.exit(report.found === report.commands && broken.length === 0 ? 0 : 1);
}

const [mode, count] = process.argv.slice(2);
if (mode === 'verify') await verify(Number(count));
else await feed();
