import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

export interface ClassArchive {
  /** Options for the virtual machine that use the archive, or that write it when the process ends. */
  readonly jvm: readonly string[];
}

/**
 * The broker's classes in the form that the virtual machine maps into memory, which shortens its start.
 * The first broker with these options and jars writes the archive when it stops; later ones use it. It lies beside the jars.
 */
export function classArchive(jars: string, java: string, jvm: readonly string[]): ClassArchive {
  const key = createHash('sha256')
    .update(JSON.stringify([java, jvm]))
    .digest('hex')
    .slice(0, 12);
  const archive = join(jars, `classes-${key}.jsa`);
  return existsSync(archive) ? { jvm: [`-XX:SharedArchiveFile=${archive}`, '-Xshare:auto', '-Xlog:cds=off'] } : { jvm: [] };
}
