import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { endOrphans } from './end-orphans.ts';
import { guardDirectory } from './guard-directory.ts';
import { StartError } from './start-error.ts';
import { codeOf } from './tell-error.ts';
import { identityOf } from './process-identity.ts';
import { forgetProcess, recordProcess, type ProcessRecord } from './process-records.ts';

/** A data directory that belongs to this process until `release`. */
export interface ClaimedDirectory {
  readonly path: string;
  /** Remembers a child process, so that it is ended when this process dies without stopping it. Returns how to forget it. */
  record(child: Omit<ProcessRecord, 'owner' | 'identity'>): () => void;
  /** Ends the claim. Every recorded process has to be stopped before. */
  release(): void;
}

const Owner = z.object({ pid: z.int(), identity: z.string() });

/**
 * Claims `path` for this process, creating it, and ends what an earlier owner that was killed has left running in it.
 * Throws `StartError` when another live process owns it.
 */
export async function claimDirectory(path: string, report: (line: string) => void): Promise<ClaimedDirectory> {
  const owner = identityOf(process.pid);
  if (owner === undefined) throw new Error('the own process cannot be found');
  mkdirSync(join(path, 'run'), { recursive: true });
  lockDirectory(path, owner);
  for (const name of await endOrphans(path)) report(`ended ${name}, which an earlier run had left behind`);
  const guard = guardDirectory(path, owner);
  return {
    path,
    record: (child) => {
      const identity = identityOf(child.pid);
      if (identity === undefined) return () => undefined;
      const record = { ...child, owner, identity };
      recordProcess(path, record);
      return () => forgetProcess(path, record);
    },
    release: () => {
      guard.stop();
      rmSync(lockFile(path), { force: true });
    },
  };
}

/** The pid of the live process that owns `path`, if there is one. */
export function ownerOf(path: string): number | undefined {
  try {
    const owner = Owner.parse(JSON.parse(readFileSync(lockFile(path), 'utf8')));
    return identityOf(owner.pid) === owner.identity ? owner.pid : undefined;
  } catch {
    return undefined;
  }
}

const lockFile = (path: string) => join(path, 'run', 'owner.json');

/** The lock appears whole or not at all: it is linked to its name, which fails where the name is taken. */
function lockDirectory(path: string, identity: string): void {
  const own = join(path, 'run', `owner-${process.pid}.new`);
  writeFileSync(own, JSON.stringify({ pid: process.pid, identity }));
  try {
    for (let attempt = 0; attempt < 3; attempt++) {
      const pid = ownerOf(path);
      if (pid !== undefined)
        throw new StartError(`already running in ${path} (pid ${pid}): stop it first, or set LOCAL_DIR to use another directory`);
      rmSync(lockFile(path), { force: true });
      if (tryLink(own, lockFile(path))) return;
    }
    throw new StartError(`another start is going on in ${path}`);
  } finally {
    rmSync(own, { force: true });
  }
}

function tryLink(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}
