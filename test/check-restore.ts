import { execFile } from 'node:child_process';
import { chmodSync, chownSync, cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { claimDirectory } from '@trancendos/local/claim-directory';
import { findPort } from '@trancendos/local/find-port';
import { findPostgres } from '@trancendos/local/find-postgres';
import { planPostgres } from '@trancendos/local/plan-postgres';
import { Supervised } from '@trancendos/local/supervise';
import { wipeDirectory } from '@trancendos/local/wipe-directory';
import { childEnvironment } from '@trancendos/platform/config';
import pg from 'pg';
import { payment, postTransaction } from './post-transaction.ts';
import { repositoryRoot } from './read-sources.ts';
import { startTestPlatform, type TestPlatform } from './start-test-platform.ts';
import { waitUntil } from './wait-until.ts';

/**
 * `npm run restore:check`: a base backup of a platform's database while it works, its write-ahead log archived, a moment restored from both on
 * another server, and the ledger replayed there. Ends with 0 when the restored ledger is that of the moment and agrees with itself.
 */
const PAYMENTS = { before: 40, afterBackup: 40, afterMoment: 40 };

const platform = await startTestPlatform({ LEDGER_OPENING_CREDIT_MINOR: '100000000' });
const folder = mkdtempSync(join(repositoryRoot, '.local', 'restore-'));
chmodSync(folder, 0o755); // the server's own user goes through it
const say = (what: string, value: string | number) => process.stdout.write(`${what.padEnd(58)} ${value}\n`);
let sent = 0;
try {
  process.exitCode = (await checkRestore(platform)) ? 0 : 1;
} finally {
  await platform.stop();
  await wipeDirectory(join(folder, 'restored'));
  rmSync(folder, { recursive: true, force: true });
}

async function checkRestore(running: TestPlatform): Promise<boolean> {
  const archive = await archiveLog(running);
  await pay(running, PAYMENTS.before);
  const backup = await takeBackup(running);
  await pay(running, PAYMENTS.afterBackup);
  const moment = await onDatabase(
    running.databaseUrl,
    'SELECT clock_timestamp()::text AS at, (SELECT count(*) FROM ledger.transfers)::int AS transfers',
  );
  await pay(running, PAYMENTS.afterMoment);
  const later = await onDatabase(running.databaseUrl, 'SELECT count(*)::int AS transfers FROM ledger.transfers');
  await closeLog(running, archive);
  say('transfers at the moment that is restored', Number(moment['transfers']));
  say('transfers when the database was lost', Number(later['transfers']));

  const begunMs = performance.now();
  const restored = await restore({ backup, archive, moment: String(moment['at']) });
  try {
    say('restored and taking connections after', `${((performance.now() - begunMs) / 1000).toFixed(1)} s`);
    const found = await onDatabase(restored.url, 'SELECT count(*)::int AS transfers FROM ledger.transfers');
    say('transfers in the restored database', Number(found['transfers']));
    const verified = await verifyLedger(restored.url);
    say('ledger:verify on it', verified ? 'agrees' : 'DOES NOT AGREE');
    return verified && found['transfers'] === moment['transfers'] && Number(later['transfers']) > Number(moment['transfers']);
  } finally {
    await restored.stop();
  }
}

async function pay({ api, apiKey }: TestPlatform, count: number): Promise<void> {
  for (let index = 0; index < count; index++) {
    const { status, text } = await postTransaction(
      { api, apiKey },
      payment(`restore-${sent++}`, { payer: { account_id: `ACC-RESTORE-${sent % 7}` } }),
    );
    if (status !== 200) throw new Error(`a payment was answered ${status}: ${text}`);
  }
}

/** Lets the server hand every segment of its log to a folder, which needs a restart of it, once. */
async function archiveLog({ databaseUrl, stopServer, startServer }: TestPlatform): Promise<string> {
  const archive = join(folder, 'archive');
  mkdirSync(archive);
  const { data_directory: data } = await onDatabase(databaseUrl, 'SHOW data_directory');
  giveTo(archive, statSync(String(data)));
  await onDatabase(databaseUrl, 'ALTER SYSTEM SET archive_mode = on');
  await onDatabase(databaseUrl, `ALTER SYSTEM SET archive_command = 'test ! -f "${archive}/%f" && cp "%p" "${archive}/%f"'`);
  await stopServer('postgres');
  await startServer('postgres');
  await waitUntil('the platform with its database', () =>
    pay(platform, 1).then(
      () => true,
      () => false,
    ),
  );
  return archive;
}

/** A copy of the files between `pg_backup_start` and `pg_backup_stop`, in one session, while the server works: what `pg_basebackup` does too. */
async function takeBackup({ databaseUrl }: TestPlatform): Promise<string> {
  const backup = join(folder, 'backup');
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ data_directory: string }>('SHOW data_directory');
    const data = rows[0]?.data_directory ?? '';
    await client.query("SELECT pg_backup_start('restore:check', true)");
    const isKept = (file: string) => !/\/(postmaster\.(pid|opts)|pg_wal\/.+|pg_replslot\/.+|pgsql_tmp.*)$/.test(file);
    cpSync(data, backup, { recursive: true, verbatimSymlinks: true, filter: isKept });
    const stopped = await client.query<{ labelfile: string }>('SELECT labelfile FROM pg_backup_stop()');
    writeFileSync(join(backup, 'backup_label'), stopped.rows[0]?.labelfile ?? '');
  } finally {
    await client.end();
  }
  return backup;
}

/** Resolves when everything that is written until now lies in the archive. */
async function closeLog({ databaseUrl }: TestPlatform, archive: string): Promise<void> {
  const { name } = await onDatabase(databaseUrl, 'SELECT pg_walfile_name(pg_current_wal_lsn()) AS name');
  await onDatabase(databaseUrl, 'SELECT pg_switch_wal()');
  await waitUntil('the last segment in the archive', () => readdirSync(archive).includes(String(name)));
}

interface Restoration {
  readonly backup: string;
  readonly archive: string;
  readonly moment: string;
}

/** Another server on the backup, which takes segments from the archive until it has come to the moment. */
async function restore({ backup, archive, moment }: Restoration): Promise<{ url: string; stop: () => Promise<void> }> {
  const report = () => undefined;
  const directory = await claimDirectory(join(folder, 'restored'), report);
  const { home, user } = findPostgres(join(directory.path, 'postgres'), report);
  const data = join(home, 'data');
  cpSync(backup, data, { recursive: true, verbatimSymlinks: true });
  const settings = [
    '',
    `restore_command = 'cp "${archive}/%f" "%p"'`,
    `recovery_target_time = '${moment}'`,
    "recovery_target_action = 'promote'",
    'archive_mode = off',
    '',
  ];
  writeFileSync(join(data, 'postgresql.auto.conf'), settings.join('\n'));
  writeFileSync(join(data, 'recovery.signal'), '');
  writeFileSync(join(home, 'password'), new URL(platform.databaseUrl).password);
  if (user) await promisify(execFile)('chown', ['-R', `${user.uid}:${user.gid}`, data]);
  chmodSync(data, 0o700);
  const { plan, url } = await planPostgres({ directory: directory.path, port: await findPort(), report });
  const server = new Supervised(plan, { directory, report, onGiveUp: report });
  await server.start();
  await waitUntil('the end of the recovery', async () => (await onDatabase(url, 'SELECT pg_is_in_recovery() AS is'))['is'] === false);
  return {
    url,
    stop: async () => {
      await server.stop();
      directory.release();
    },
  };
}

async function verifyLedger(url: string): Promise<boolean> {
  const program = join(repositoryRoot, 'ledger', 'dist', 'verify-main.js');
  return promisify(execFile)(process.execPath, [program, '--json'], { env: childEnvironment({ DATABASE_URL: url }) }).then(
    () => true,
    (error: unknown) => {
      const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
      process.stderr.write(`${stdout}${stderr}`);
      return false;
    },
  );
}

async function onDatabase(url: string, sql: string): Promise<Record<string, unknown>> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows[0] ?? {};
  } finally {
    await client.end();
  }
}

function giveTo(path: string, { uid, gid }: { readonly uid: number; readonly gid: number }): void {
  chownSync(path, uid, gid);
}
