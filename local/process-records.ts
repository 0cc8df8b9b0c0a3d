import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/** A process that was started in a data directory, and how it wants to be stopped. */
export const ProcessRecord = z.object({
  name: z.string(),
  pid: z.int().min(2),
  /** Of this very process, see `identityOf`: a later process with the same pid is not ours. */
  identity: z.string(),
  /** Of the process that started it. */
  owner: z.string(),
  startedAtMs: z.number(),
  stopSignal: z.enum(['SIGTERM', 'SIGINT']),
  stopWithinMs: z.number(),
});
export type ProcessRecord = z.output<typeof ProcessRecord>;

/** Writes the record whole or not at all. */
export function recordProcess(directory: string, record: ProcessRecord): void {
  const file = recordFile(directory, record);
  writeFileSync(`${file}.new`, JSON.stringify(record));
  renameSync(`${file}.new`, file);
}

export function forgetProcess(directory: string, record: ProcessRecord): void {
  rmSync(recordFile(directory, record), { force: true });
}

/** Every process that is recorded, the last one started first, which is the order to stop them in. */
export function readProcessRecords(directory: string): ProcessRecord[] {
  return fileNames(join(directory, 'run'))
    .filter((name) => name.startsWith('child-') && name.endsWith('.json'))
    .flatMap((name) => readRecord(join(directory, 'run', name)))
    .sort((one, other) => other.startedAtMs - one.startedAtMs);
}

const recordFile = (directory: string, { name, pid }: ProcessRecord) => join(directory, 'run', `child-${name}-${pid}.json`);

function fileNames(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function readRecord(file: string): ProcessRecord[] {
  try {
    return [ProcessRecord.parse(JSON.parse(readFileSync(file, 'utf8')))];
  } catch {
    return [];
  }
}
