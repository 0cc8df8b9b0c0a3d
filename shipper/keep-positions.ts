import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';

/** How far a file has been shipped. Files are known by what they begin with, because rotation changes their names. */
const Position = z.object({ service: z.string(), shippedBytes: z.int().min(0), sizeBytes: z.int().min(0) });
export type Position = z.infer<typeof Position>;
const Stored = z.record(z.string(), Position);

export interface Positions {
  readonly of: Map<string, Position>;
  /** Writes all of them; what is there is whole at any time. */
  save(): Promise<void>;
}

/** Positions that outlive the process. A file that cannot be read counts as none: everything is shipped again, under the same ids. */
export async function keepPositions(path: string): Promise<Positions> {
  await mkdir(dirname(path), { recursive: true });
  const of = new Map(Object.entries(await read(path)));
  return {
    of,
    save: async () => {
      await writeFile(`${path}.new`, JSON.stringify(Object.fromEntries(of)));
      await rename(`${path}.new`, path);
    },
  };
}

async function read(path: string): Promise<Record<string, Position>> {
  try {
    return Stored.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    return {};
  }
}
