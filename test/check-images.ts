import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findPort } from '@trancendos/local/find-port';
import { keepSecrets } from '@trancendos/local/keep-secrets';
import { startServers, type RunningServers } from '@trancendos/local/start-servers';
import { wipeDirectory } from '@trancendos/local/wipe-directory';
import { childEnvironment } from '@trancendos/platform/config';
import { payment, postTransaction } from './post-transaction.ts';
import { repositoryRoot } from './read-sources.ts';
import { SERVICES } from './read-facts.ts';
import { waitUntil } from './wait-until.ts';

/**
 * `npm run image:check`: proves the images where there is no Docker engine. Each is built from docker/Dockerfile on bases made of packages, and
 * runs as its own user, without capabilities, on a read-only root, against real servers; a payment goes through all of them. `--built` takes the
 * images of an earlier run.
 */
const SCRIPT = join(repositoryRoot, 'docker', 'without-docker.sh');
const DIRECTORY = join(repositoryRoot, '.local', 'image-check');
const NEEDED = ['buildah', 'debootstrap', 'setpriv', 'unshare'];
const READY_WITHIN_MS = 180_000;
const STOP_WITHIN_MS = 25_000;

/** What runs until it is stopped. */
const CONTAINERS = [...SERVICES, 'shipper'] as const;
type ContainerName = (typeof CONTAINERS)[number];

interface Row {
  readonly image: string;
  readonly what: string;
  readonly fault?: string | undefined;
}

const rows: Row[] = [];
const running = new Map<ContainerName, ChildProcess>();
let servers: RunningServers | undefined;
try {
  await makeSureOfTools();
  await buildImages();
  await runImages();
} catch (error) {
  rows.push({ image: 'all', what: 'the check itself', fault: textOf(error) });
} finally {
  for (const child of running.values()) child.kill('SIGTERM');
  await servers?.stop();
  await wipeDirectory(DIRECTORY);
}
for (const { image, what, fault } of rows)
  process.stdout.write(
    `${fault === undefined ? 'ok    ' : 'FAILED'}  ${image.padEnd(9)} ${what}${fault === undefined ? '' : `: ${fault}`}\n`,
  );
const failed = rows.filter(({ fault }) => fault !== undefined).length;
process.stdout.write(`${rows.length - failed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;

async function makeSureOfTools(): Promise<void> {
  const isThere = (program: string) =>
    promisify(execFile)('sh', ['-c', 'command -v "$1"', 'sh', program]).then(
      () => true,
      () => false,
    );
  const missing = [];
  for (const program of NEEDED) if (!(await isThere(program))) missing.push(program);
  if (missing.length === 0 && process.getuid?.() === 0) return;
  if (process.getuid?.() !== 0) throw new Error('images are built and run as root here: run it with sudo, or use docker/compose.yaml');
  if (!(await isThere('apt-get'))) throw new Error(`missing: ${missing.join(', ')}; get them from your distribution`);
  await promisify(execFile)('sh', [
    '-c',
    `apt-get update -q && apt-get install -y -q --no-install-recommends buildah debootstrap util-linux`,
  ]);
}

async function buildImages(): Promise<void> {
  await script('bases');
  if (!process.argv.includes('--keep'))
    await timed('images', 'everything is installed, compiled and laid out', () => script('build', 'images'));
  for (const target of [...CONTAINERS, 'migrate', 'traffic']) await timed(target, 'is built', () => script('build', target));
}

async function runImages(): Promise<void> {
  mkdirSync(DIRECTORY, { recursive: true });
  servers = await startServers({ directory: join(DIRECTORY, 'servers'), small: true });
  const secrets = keepSecrets(writableFolder('secrets'));
  writeFileSync(join(DIRECTORY, 'secrets', 'database-url'), servers.databaseUrl);
  for (const file of readdirSync(join(DIRECTORY, 'secrets'))) chmodSync(join(DIRECTORY, 'secrets', file), 0o644);
  await timed('migrate', 'brings the schemas forward and ends', () => script('run', 'migrate', 'DATABASE_URL_FILE=/secrets/database-url'));
  const ports = new Map(await Promise.all(CONTAINERS.map(async (name) => [name, [await findPort(), await findPort()]] as const)));
  for (const name of CONTAINERS) await startService(name, environmentOf(servers, ports));
  const [apiPort] = ports.get('ingest') ?? [];
  await timed('all', 'a payment is decided and posted by the containers together', async () => {
    const { answer } = await postTransaction({ api: `http://127.0.0.1:${apiPort}`, apiKey: secrets.sandboxKey }, payment('image-check-1'));
    if (answer.action !== 'approve' || answer.money?.state !== 'posted') throw new Error(JSON.stringify(answer));
  });
  for (const name of CONTAINERS) await stopService(name);
}

async function startService(name: ContainerName, environment: readonly string[]): Promise<void> {
  const child = spawn(SCRIPT, ['run', name, ...environment], { stdio: ['ignore', 'pipe', 'inherit'], env: scriptEnvironment() });
  const lines: string[] = [];
  child.stdout.on('data', (chunk: Buffer) => void lines.push(String(chunk)));
  running.set(name, child);
  const port = environment.find((pair) => pair.startsWith(`${name.toUpperCase()}_METRICS_PORT=`))?.split('=')[1] ?? '';
  await timed(name, 'answers its own health check', () =>
    waitUntil(
      name,
      async () => {
        if (child.exitCode !== null) throw new Error(`it has ended: ${lines.slice(-3).join('')}`);
        return (await fetch(`http://127.0.0.1:${port}/ready`).catch(() => undefined))?.ok;
      },
      READY_WITHIN_MS,
    ).then(() => script('run', name, '--', 'docker/check-health.mjs', port)),
  );
  await timed(name, 'is uid 10001, has no capabilities and can gain none', () => judgeProcess(name));
  await timed(name, 'cannot write to its root, and has no shell', () =>
    script(
      'run',
      name,
      '--',
      '--eval',
      `
      const { writeFileSync, existsSync } = require('node:fs');
      try { writeFileSync('/app/x', ''); process.exit(1); } catch (error) { if (error.code !== 'EROFS' && error.code !== 'EACCES') process.exit(2); }
      process.exit(['/bin/sh', '/bin/bash', '/bin/dash', '/usr/bin/sh', '/bin/busybox'].some((path) => existsSync(path)) ? 3 : 0);`,
    ),
  );
}

/** The process of the container, as the kernel sees it. */
async function judgeProcess(name: ContainerName): Promise<void> {
  const { stdout } = await promisify(execFile)('pgrep', ['--full', '--newest', `^/usr/local/bin/node .*${name}/dist/main.js`]);
  const status = readFileSync(`/proc/${stdout.trim()}/status`, 'utf8');
  for (const line of [
    'Uid:\t10001\t10001\t10001\t10001',
    'Gid:\t10001\t10001\t10001\t10001',
    'CapPrm:\t0000000000000000',
    'CapEff:\t0000000000000000',
    'NoNewPrivs:\t1',
  ])
    if (!status.includes(line)) throw new Error(`expected ${line}`);
}

async function stopService(name: ContainerName): Promise<void> {
  const child = running.get(name);
  if (!child) return;
  await timed(name, 'ends on SIGTERM by itself, with 0', async () => {
    child.kill('SIGTERM');
    const late = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN_MS);
    if (child.exitCode === null) await once(child, 'exit');
    clearTimeout(late);
    running.delete(name);
    if (child.exitCode !== 0) throw new Error(`ended with ${child.exitCode ?? child.signalCode}`);
  });
}

function environmentOf({ kafkaBrokers, redisUrl }: RunningServers, ports: ReadonlyMap<ContainerName, readonly number[]>): string[] {
  const variables: Record<string, string> = {
    NODE_ENV: 'development',
    KAFKA_BROKERS: kafkaBrokers,
    DATABASE_URL_FILE: '/secrets/database-url',
    REDIS_URL: redisUrl,
    API_KEYS_FILE: '/secrets/api-keys.json',
    INGEST_SEALING_KEY_FILE: '/secrets/sealing-key',
    CONSOLE_LOGIN_TOKEN_FILE: '/secrets/login-token',
    CALLER_KEYS_FILE: '/secrets/caller-keys',
    LEDGER_OPENING_CREDIT_MINOR: '1000000',
    LISTEN_HOST: '127.0.0.1',
    // Nobody listens there: the shipper starts all the same, and waits for it.
    ELASTICSEARCH_URL: 'http://127.0.0.1:9',
    SHIPPER_LOGS_DIR: '/tmp',
    SHIPPER_STATE_DIR: '/tmp',
    ...Object.fromEntries(
      [...ports].flatMap(([name, [port, metricsPort]]): [string, string][] => [
        [`${name.toUpperCase()}_PORT`, String(port)],
        [`${name.toUpperCase()}_METRICS_PORT`, String(metricsPort)],
        [`${name.toUpperCase()}_URL`, `http://127.0.0.1:${port}`],
      ]),
    ),
  };
  return Object.entries(variables).map(([name, value]) => `${name}=${value}`);
}

function writableFolder(name: string): string {
  const folder = join(DIRECTORY, name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  return folder;
}

function scriptEnvironment(): NodeJS.ProcessEnv {
  return childEnvironment({ SECRETS_DIR: join(DIRECTORY, 'secrets') });
}

async function script(...args: string[]): Promise<void> {
  await promisify(execFile)(SCRIPT, args, { env: scriptEnvironment(), maxBuffer: 2 ** 26 });
}

async function timed(image: string, what: string, act: () => Promise<unknown>): Promise<void> {
  const begunMs = performance.now();
  const fault = await act().then(() => undefined, textOf);
  rows.push({ image, what: `${what} (${((performance.now() - begunMs) / 1000).toFixed(1)} s)`, fault });
  process.stderr.write(`${image}: ${what}${fault === undefined ? '' : `: ${fault}`}\n`);
}

function textOf(error: unknown): string {
  const { stderr, stdout, message } = error as { stderr?: string; stdout?: string; message: string };
  return `${stderr ?? ''}${stdout ?? ''}`.trim().split('\n').slice(-5).join('\n') || message;
}
