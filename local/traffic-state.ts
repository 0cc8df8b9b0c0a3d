import { readFile, rename, writeFile } from 'node:fs/promises';
import { z } from 'zod';

/** How far the demo has come, so that a second start goes on there. */
const TrafficState = z.strictObject({
  /** Which simulated world it is, from 0; each has people and terminals of its own. */
  world: z.int().min(0),
  /** Part of every transaction id, so that the ids of two runs never meet. */
  run: z.string().regex(/^[a-z0-9]{1,12}$/),
  /** What is added to the world's times, so that none lies in the future. */
  shiftMs: z.int(),
  /** Days of history that are imported. */
  historyDays: z.int().min(0),
  /** The first row that is not known to be answered. */
  nextRow: z.int().min(0),
});
export type TrafficState = z.output<typeof TrafficState>;

/** The state in `file`; undefined where there is none that can be read, because the demo may always begin anew. */
export async function readTrafficState(file: string): Promise<TrafficState | undefined> {
  try {
    return TrafficState.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    return undefined;
  }
}

/** Writes the state so that a crash leaves the old one or the new one. */
export async function writeTrafficState(file: string, state: TrafficState): Promise<void> {
  const written = `${file}.new`;
  await writeFile(written, `${JSON.stringify(state)}\n`);
  await rename(written, file);
}
