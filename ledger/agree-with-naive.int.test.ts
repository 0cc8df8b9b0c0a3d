import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { topics } from '@trancendos/contracts/topics';
import { checkInvariants } from './check-invariants.ts';
import { findCommands } from './find-commands.ts';
import type { NaiveLedger } from './naive-ledger.ts';
import { openTestLedger, TEST_POLICY, type TestLedger } from './open-test-ledger.ts';
import { RandomWorkload, seededRandom } from './random-workload.ts';
import { replayNaively } from './replay-naively.ts';
import type { SealedBatch } from './seal-batch.ts';
import { verifyLedger } from './verify-ledger.ts';

/** Small, so that the writer forgets all the time and finds again in the tables what it has forgotten. */
const MEMORY = { keptMax: 5, decidedMax: 20 };
const INPUT = { topic: topics.decisions.name, partition: 0 };
const RESTART_SHARE = 0.04;
const REPEAT_SHARE = 0.1;

let ledger: TestLedger;
beforeEach(async () => (ledger = await openTestLedger()), 30_000);
afterEach(() => ledger.close(), 30_000);

/** Gives a workload to one writer after the other in pieces of any size, some of them again; what they have committed, in order. */
async function postWorkload(seed: number, count: number): Promise<SealedBatch[]> {
  const random = seededRandom(seed);
  const planned = new RandomWorkload(seed).take(count);
  const committed: SealedBatch[] = [];
  let clockMs = 0;
  const start = () => ledger.start({ ...MEMORY, clock: () => clockMs, onCommitted: (batch) => committed.push(batch) });
  let run = await start();
  let offset = 0;
  for (let place = 0; place < count;) {
    if (random() < RESTART_SHARE) run = await start();
    // What is delivered again stands at a new place of the input, as when a sender has sent it twice.
    const from = random() < REPEAT_SHARE ? Math.max(0, place - Math.floor(random() * 20)) : place;
    const part = planned.slice(from, place + 1 + Math.floor(random() * 60));
    clockMs = part.at(-1)!.atMs;
    await run.writer.submit(part.map(({ entry }) => ({ ...entry, origin: { ...INPUT, offset: BigInt(offset++) } })));
    place = from + part.length;
  }
  expect(run.failures).toEqual([]);
  return committed;
}

/** The tables in the terms of the naive ledger. */
async function readTables() {
  const { pool } = ledger.postgres;
  const accounts = await pool.query<{ id: string; velocity: unknown }>(
    `SELECT id, debits_posted, credits_posted, debits_pending, credits_pending, status, overdraft_minor, on_expiry, velocity
       FROM ledger.accounts ORDER BY id COLLATE "C"`,
  );
  const holds = await pool.query<{ id: string; text: string }>(
    `SELECT 'tr_' || id AS id, status || ' ' || remaining_minor || ' ' || captured_minor AS text FROM ledger.holds`,
  );
  return { accounts: accounts.rows.map((row) => ({ ...row, velocity: row.velocity ?? [] })), holds: holds.rows.map(shortly).sort() };
}

/** Holds of linked commands have derived ids here and others in the naive ledger: they are compared by what they are. */
const shortly = ({ id, text }: { id: string; text: string }) => `${id.at(17) === '7' && id.startsWith('tr_') ? id : 'leg'} ${text}`;

function tablesOf(naive: NaiveLedger) {
  const accounts = [...naive.accounts].map(([id, { status, overdraft, onExpiry, velocity }]) => ({
    id,
    debits_posted: String(naive.recount(id, 'from', 'posted')),
    credits_posted: String(naive.recount(id, 'to', 'posted')),
    debits_pending: String(naive.recount(id, 'from', 'pending')),
    credits_pending: String(naive.recount(id, 'to', 'pending')),
    status,
    overdraft_minor: overdraft === null ? null : String(overdraft),
    on_expiry: onExpiry,
    velocity,
  }));
  const holds = [...naive.holds].map(([id, { status, remaining, captured }]) =>
    shortly({ id, text: `${status} ${remaining} ${captured}` }),
  );
  return { accounts: accounts.sort((a, b) => (a.id < b.id ? -1 : 1)), holds: holds.sort() };
}

test.each([1, 2, 3])(
  'the tables hold what a ledger that writes one row after the other would hold, and every command its outcome: seed %i',
  async (seed) => {
    const committed = await postWorkload(seed, 1_200);
    const results = new Map<string, string>();
    const naive = replayNaively(committed, TEST_POLICY, (entry, word) => {
      if (entry.kind === 'command' && !results.has(entry.command.command_id)) results.set(entry.command.command_id, String(word));
    });
    expect(await readTables()).toEqual(tablesOf(naive));

    const found = await findCommands(ledger.postgres.pool, [...results.keys()]);
    expect(new Map(found.map(({ command, outcome }) => [command.command_id, outcome.code ?? 'applied']))).toEqual(results);

    const { mismatches } = await ledger.postgres.inTransaction((client) => verifyLedger({ client }));
    expect(mismatches).toEqual({});
    const { checks } = await checkInvariants(ledger.postgres.pool);
    expect(checks.filter(({ ok, name }) => !ok && name !== 'no_hold_past_expiry')).toEqual([]);
  },
  60_000,
);
