import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { claimDirectory } from '@trancendos/local/claim-directory';
import { settlePorts } from '@trancendos/local/settle-ports';
import { startServersIn } from '@trancendos/local/start-servers';
import { wipeDirectory } from '@trancendos/local/wipe-directory';
import { pause } from '@trancendos/platform/clock';
import { childEnvironment } from '@trancendos/platform/config';
import { repositoryRoot } from './read-sources.ts';

/**
 * Kills the ledger's writer and its database with SIGKILL again and again while they work, and reads everything again at the end: whatever
 * was acknowledged has to be there, once, in a journal that is sound. `npm run ledger:kill-loop -- --seconds 600`.
 */
const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '600' },
    'writer-every': { type: 'string', default: '3' },
    'database-every': { type: 'string', default: '10' },
    help: { type: 'boolean', default: false },
  },
});
const say = (line: string) => process.stdout.write(`${line}\n`);
if (values.help) {
  say('npm run ledger:kill-loop -- [--seconds 600] [--writer-every 3] [--database-every 10]');
  process.exit(0);
}
const program = join(repositoryRoot, 'ledger', 'dist', 'feed-writer.js');
const path = join(repositoryRoot, '.local', `kill-${process.pid}`);
const PROBE_MS = 200;

const directory = await claimDirectory(path, () => undefined);
const around = { directory, report: () => undefined, onGiveUp: (error: Error) => say(error.message), signal: undefined };
const servers = await startServersIn(around, { directory: path, ports: await settlePorts(['postgres'], {}) });
const env = childEnvironment({ DATABASE_URL: servers.databaseUrl });

let acknowledged = 0;
/** When the writer that runs now has had something committed: one that is killed before that shows nothing. */
let committingSinceMs: number | undefined;
let writer: ChildProcess | undefined;
let kills = { writer: 0, database: 0 };
let ending = false;

function startWriter(): void {
  committingSinceMs = undefined;
  writer = spawn(process.execPath, [program, 'feed'], { env, stdio: ['ignore', 'pipe', 'ignore'] });
  let text = '';
  writer.stdout?.on('data', (chunk: Buffer) => {
    const lines = (text + chunk.toString()).split('\n');
    text = lines.pop() ?? '';
    for (const line of lines) acknowledged = Math.max(acknowledged, Number(line));
    if (lines.length > 0) committingSinceMs ??= Date.now();
  });
  writer.once('exit', () => {
    if (!ending) setTimeout(startWriter, PROBE_MS);
  });
}

async function killInTurn(): Promise<void> {
  const endsMs = Date.now() + Number(values.seconds) * 1_000;
  const everyMs = { writer: Number(values['writer-every']) * 1_000, database: Number(values['database-every']) * 1_000 };
  let databaseKilledMs = Date.now();
  while (Date.now() < endsMs) {
    await pause(PROBE_MS);
    // Counted from when there was something to lose, so that a slow machine does not spend its time on starting.
    if (committingSinceMs === undefined || Date.now() - committingSinceMs < everyMs.writer) continue;
    if (Date.now() - databaseKilledMs < everyMs.database) {
      writer?.kill('SIGKILL');
      committingSinceMs = undefined;
      kills = { ...kills, writer: kills.writer + 1 };
    } else {
      servers.kill('postgres', 'SIGKILL');
      committingSinceMs = undefined;
      databaseKilledMs = Date.now();
      kills = { ...kills, database: kills.database + 1 };
      say(`${Math.round((endsMs - Date.now()) / 1_000)} s left: ${acknowledged} acknowledged, ${kills.writer} + ${kills.database} kills`);
    }
  }
}

/** Everything that was acknowledged is there; and then what `npm run ledger:verify` does, which replays all of it. */
async function verify(): Promise<number> {
  for (let attempt = 0; ; attempt++) {
    const code = await runProgram([program, 'verify', String(acknowledged)]);
    if (code === 0) return runProgram([join(repositoryRoot, 'ledger', 'dist', 'verify-main.js')]);
    if (attempt >= 10) return code;
    await pause(1_000); // the database may be recovering from the last kill
  }
}

async function runProgram(args: readonly string[]): Promise<number> {
  const child = spawn(process.execPath, [...args], { env, stdio: 'inherit' });
  return new Promise((resolve) => child.once('exit', (exit) => resolve(exit ?? 1)));
}

startWriter();
await killInTurn();
ending = true;
writer?.kill('SIGKILL');
await pause(2_000);
say(`${acknowledged} entries acknowledged through ${kills.writer} kills of the writer and ${kills.database} of the database`);
const code = acknowledged > 0 ? await verify() : 1;
say(code === 0 ? 'nothing lost, nothing doubled' : 'FAILED: the database is kept in ' + path);
await servers.stop();
directory.release();
if (code === 0) await wipeDirectory(path);
process.exit(code);
