import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { StartError } from './start-error.ts';

export interface SystemUser {
  readonly uid: number;
  readonly gid: number;
}

/** Where root keeps what the user of a server cannot reach in a checkout, below a home directory that only root can enter for example. */
export const REACHABLE_BASE = '/var/lib/trancendos';

/** The system user `name`, made where it is missing, for a server that refuses to run as root. Throws `StartError`, naming `instead`. */
export function findSystemUser(name: string, { server, instead, report }: ServerOfUser): SystemUser {
  const known = lookUpUser(name);
  if (known) return known;
  report(`making a system user ${name}, because ${server} refuses to run as root`);
  try {
    execFileSync('useradd', ['--system', '--user-group', '--no-create-home', '--shell', '/bin/false', name], { stdio: 'pipe' });
  } catch {
    throw new StartError(
      `${server} refuses to run as root, and no system user ${name} can be made: make it, run as another user, or set ${instead}`,
    );
  }
  const made = lookUpUser(name);
  if (!made) throw new StartError(`the system user ${name} cannot be found`);
  return made;
}

interface ServerOfUser {
  readonly server: string;
  /** The variable that names a server which runs already. */
  readonly instead: string;
  readonly report: (line: string) => void;
}

function lookUpUser(name: string): SystemUser | undefined {
  try {
    const id = (flag: string) => Number(execFileSync('id', [flag, name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
    return { uid: id('-u'), gid: id('-g') };
  } catch {
    return undefined;
  }
}

/** A folder for the data of a server that runs as `user`: `folder` itself, or one elsewhere that this user can reach. */
export function homeOf(folder: string, user: SystemUser): string {
  chownSync(folder, user.uid, user.gid);
  const home = canEnter(folder, user, '-w') ? folder : homeElsewhere(folder);
  chownSync(home, user.uid, user.gid);
  return home;
}

/** Whether `user` can enter `folder` and do there what `access` says, as `test` writes it. */
export function canEnter(folder: string, user: SystemUser, access: '-r' | '-w'): boolean {
  try {
    execFileSync('sh', ['-c', `cd "$1" && test ${access} .`, 'sh', folder], { ...user, cwd: '/', stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** The folder outside of `folder` that holds its data, if there is one. */
export function dataElsewhere(folder: string): string | undefined {
  const note = join(folder, 'elsewhere');
  const path = existsSync(note) ? readFileSync(note, 'utf8').trim() : '';
  return path.startsWith(`${REACHABLE_BASE}/data-`) ? path : undefined;
}

/** The note is kept with the rest of the data: where that is wiped, a new start makes new data as well. */
function homeElsewhere(folder: string): string {
  const path = dataElsewhere(folder) ?? join(REACHABLE_BASE, `data-${randomBytes(6).toString('hex')}`);
  makeReachableBase();
  mkdirSync(path, { recursive: true });
  writeFileSync(join(folder, 'elsewhere'), path);
  return path;
}

/** Whatever root's umask is. */
export function makeReachableBase(): void {
  mkdirSync(REACHABLE_BASE, { recursive: true });
  chmodSync(REACHABLE_BASE, 0o755);
}
