import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { claimDirectory } from '@trancendos/local/claim-directory';
import { settlePorts } from '@trancendos/local/settle-ports';
import { startServersIn, type RunningServers } from '@trancendos/local/start-servers';
import { wipeDirectory } from '@trancendos/local/wipe-directory';
import { pause } from '@trancendos/platform/clock';
import { childEnvironment } from '@trancendos/platform/config';
import { repositoryRoot } from './read-sources.ts';

/** How long the ledger is killed for, and how long a writer and a database are left to work before their turn comes. */
export interface LedgerKillPlan {
  readonly seconds: number;
  readonly writerEveryMs: number;
  readonly databaseEveryMs: number;
  readonly say: (line: string) => void;
}

export interface LedgerKillReport {
  /** Entries that the writer was told to be committed. */
  readonly acknowledged: number;
  readonly writerKills: number;
  readonly databaseKills: number;
  /** True where every acknowledged entry is there, once, and the whole journal verifies. */
  readonly sound: boolean;
  /** The database; wiped where everything is sound. */
  readonly path: string;
}

const PROGRAMS = join(repositoryRoot, 'ledger', 'dist');
const PROBE_MS = 200;
/** The database may be recovering from the last kill. */
const VERIFY_ATTEMPTS = 10;

/**
 * Kills the ledger's writer and its database, a PostgreSQL of its own, with SIGKILL again and again while they work, and reads everything again
 * at the end. Each is killed only after something was committed since it started, so that a slow machine does not spend its time on starting.
 */
export async function killLedgerUnderLoad(plan: LedgerKillPlan): Promise<LedgerKillReport> {
  const path = join(repositoryRoot, '.local', `kill-${process.pid}`);
  const directory = await claimDirectory(path, () => undefined);
  const around = { directory, report: () => undefined, onGiveUp: (error: Error) => plan.say(error.message), signal: undefined };
  const servers = await startServersIn(around, { directory: path, ports: await settlePorts(['postgres'], {}) });
  const writer = new KilledWriter(servers);
  let keep = true;
  try {
    await killInTurn(plan, servers, writer);
    await writer.end();
    const { acknowledged, writerKills, databaseKills } = writer;
    plan.say(`${acknowledged} entries acknowledged through ${writerKills} kills of the writer and ${databaseKills} of the database`);
    const sound = acknowledged > 0 && (await verify(servers, acknowledged, plan.say));
    keep = !sound;
    return { acknowledged, writerKills, databaseKills, sound, path };
  } finally {
    await servers.stop();
    directory.release();
    if (!keep) await wipeDirectory(path);
  }
}

async function killInTurn(plan: LedgerKillPlan, servers: RunningServers, writer: KilledWriter): Promise<void> {
  const endsMs = Date.now() + plan.seconds * 1_000;
  let databaseKilledMs = Date.now();
  while (Date.now() < endsMs) {
    await pause(PROBE_MS);
    if (writer.committingForMs() < plan.writerEveryMs) continue;
    if (Date.now() - databaseKilledMs < plan.databaseEveryMs) writer.kill();
    else {
      servers.kill('postgres', 'SIGKILL');
      databaseKilledMs = Date.now();
      writer.noteDatabaseKilled();
      const { acknowledged, writerKills, databaseKills } = writer;
      plan.say(
        `${Math.round((endsMs - Date.now()) / 1_000)} s left: ${acknowledged} acknowledged, ${writerKills} + ${databaseKills} kills`,
      );
    }
  }
}

/** A writer that feeds itself, is started again whenever it ends, and what it has said. */
class KilledWriter {
  acknowledged = 0;
  writerKills = 0;
  databaseKills = 0;
  readonly #servers: RunningServers;
  #process: ChildProcess | undefined;
  #committingSinceMs: number | undefined;
  #ended = false;

  constructor(servers: RunningServers) {
    this.#servers = servers;
    this.#start();
  }

  /** Since the first commit after the last kill; 0 before that. */
  committingForMs(): number {
    return this.#committingSinceMs === undefined ? 0 : Date.now() - this.#committingSinceMs;
  }

  kill(): void {
    this.#committingSinceMs = undefined;
    this.#process?.kill('SIGKILL');
    this.writerKills++;
  }

  noteDatabaseKilled(): void {
    this.#committingSinceMs = undefined;
    this.databaseKills++;
  }

  async end(): Promise<void> {
    this.#ended = true;
    this.#process?.kill('SIGKILL');
    while (this.#process) await pause(PROBE_MS);
  }

  #start(): void {
    const program = [join(PROGRAMS, 'feed-writer.js'), 'feed'];
    const started = spawn(process.execPath, program, { env: environmentOf(this.#servers), stdio: ['ignore', 'pipe', 'ignore'] });
    this.#process = started;
    let text = '';
    started.stdout.on('data', (chunk: Buffer) => {
      const lines = (text + chunk.toString()).split('\n');
      text = lines.pop() ?? '';
      for (const line of lines) this.acknowledged = Math.max(this.acknowledged, Number(line));
      if (lines.length > 0) this.#committingSinceMs ??= Date.now();
    });
    started.once('exit', () => {
      this.#process = undefined;
      if (!this.#ended) setTimeout(() => this.#start(), PROBE_MS);
    });
  }
}

/** Everything that was acknowledged is there; and then what `npm run ledger:verify` does, which replays all of it. */
async function verify(servers: RunningServers, acknowledged: number, say: LedgerKillPlan['say']): Promise<boolean> {
  for (let attempt = 1; ; attempt++) {
    const found = await runProgram(servers, [join(PROGRAMS, 'feed-writer.js'), 'verify', String(acknowledged)]);
    if (found.code === 0 || attempt === VERIFY_ATTEMPTS) say(found.said);
    if (found.code === 0) break;
    if (attempt === VERIFY_ATTEMPTS) return false;
    await pause(1_000);
  }
  const replayed = await runProgram(servers, [join(PROGRAMS, 'verify-main.js')]);
  say(replayed.said);
  return replayed.code === 0;
}

async function runProgram(servers: RunningServers, args: readonly string[]): Promise<{ code: number; said: string }> {
  const child = spawn(process.execPath, [...args], { env: environmentOf(servers), stdio: ['ignore', 'pipe', 'pipe'] });
  const said: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => void said.push(chunk));
  return new Promise((resolve) => child.once('close', (exit) => resolve({ code: exit ?? 1, said: Buffer.concat(said).toString().trim() })));
}

function environmentOf({ databaseUrl }: RunningServers): NodeJS.ProcessEnv {
  return childEnvironment({ DATABASE_URL: databaseUrl });
}
