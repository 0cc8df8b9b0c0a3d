import { endOrphans } from './end-orphans.ts';
import { identityOf } from './process-identity.ts';
import { setTimeout as sleep } from 'node:timers/promises';

/** Run by the guard of a directory: ends what the process that owned it has left running. Arguments: directory, identity of the owner. */
const [directory, owner] = process.argv.slice(2);
const OWNER_GONE_WITHIN_MS = 5_000;

if (directory !== undefined && owner !== undefined) {
  const deadlineMs = Date.now() + OWNER_GONE_WITHIN_MS;
  while (identityOf(Number.parseInt(owner, 10)) === owner && Date.now() < deadlineMs) await sleep(20);
  await endOrphans(directory);
}
