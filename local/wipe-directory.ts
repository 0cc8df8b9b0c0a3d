import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { claimDirectory, ownerOf } from './claim-directory.ts';
import { dataElsewhere } from './system-user.ts';

/** What a run makes in its directory. It is named piece by piece, because the directory may be one that holds other things too. */
const MADE = [
  'kafka',
  'postgres',
  'redis',
  'elasticsearch',
  'shipper',
  'prometheus',
  'alertmanager',
  'logs',
  'run',
  'api-keys.json',
  'demo-keys.json',
  'sandbox-key',
  'login-token',
  'sealing-key',
  'caller-keys',
  'traffic.json',
];

/** Whoever has just made a directory may not own it yet. */
const JUST_MADE_MS = 60_000;

/**
 * Removes the data of a run, with whatever processes a killed one has left there. What it holds besides, such as the jars, stays.
 * Throws `StartError` while a live process owns it.
 */
export async function wipeDirectory(directory: string): Promise<void> {
  if (!existsSync(directory)) return;
  const claimed = await claimDirectory(directory, () => undefined);
  for (const server of ['postgres', 'elasticsearch']) {
    const elsewhere = dataElsewhere(join(directory, server));
    if (elsewhere !== undefined) rmSync(elsewhere, { recursive: true, force: true });
  }
  claimed.release();
  for (const name of MADE) rmSync(join(directory, name), { recursive: true, force: true });
  if (readdirSync(directory).length === 0) rmSync(directory, { recursive: true });
}

/** Wipes the directories in `parent` whose names begin with `prefix` and which no live process owns. */
export async function wipeAbandoned(parent: string, prefix: string): Promise<void> {
  if (!existsSync(parent)) return;
  const names = readdirSync(parent).filter((name) => name.startsWith(prefix));
  for (const name of names) {
    const directory = join(parent, name);
    if (ownerOf(directory) === undefined && Date.now() - statSync(directory).mtimeMs > JUST_MADE_MS)
      await wipeDirectory(directory).catch(() => undefined);
  }
}
