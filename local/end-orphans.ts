import { setTimeout as sleep } from 'node:timers/promises';
import { identityOf } from './process-identity.ts';
import { forgetProcess, readProcessRecords, type ProcessRecord } from './process-records.ts';

const LOOK_EVERY_MS = 50;

/**
 * Ends the recorded processes of `directory` whose owner is gone, the last one started first, and gives their names.
 * Each gets its own signal, and SIGKILL when it outlives its deadline. A pid that meanwhile belongs to another process is left alone.
 */
export async function endOrphans(directory: string): Promise<string[]> {
  const ended: string[] = [];
  for (const record of readProcessRecords(directory)) {
    if (isAlive(record.owner)) continue;
    if (isAlive(record.identity)) {
      await endProcess(record);
      ended.push(record.name);
    }
    forgetProcess(directory, record);
  }
  return ended;
}

/** An identity begins with its pid. */
const isAlive = (identity: string) => identityOf(Number.parseInt(identity, 10)) === identity;

async function endProcess(record: ProcessRecord): Promise<void> {
  signalProcess(record.pid, record.stopSignal);
  const deadlineMs = Date.now() + record.stopWithinMs;
  while (isAlive(record.identity)) {
    if (Date.now() > deadlineMs) signalProcess(record.pid, 'SIGKILL');
    await sleep(LOOK_EVERY_MS);
  }
}

function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // it ended by itself in between
  }
}
