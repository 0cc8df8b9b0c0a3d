import { createHash } from 'node:crypto';
import { open, readdir, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { metrics } from '@trancendos/platform/metrics';
import type { Position, Positions } from './keep-positions.ts';

/** One line, and where it stands: `file` and `offset` together name it for ever. */
export interface LogLine {
  readonly service: string;
  /** Of the file: the hash of its first line. */
  readonly file: string;
  readonly offset: number;
  readonly text: string;
}

/** Whole lines of one file from its position on, and where they end. */
export interface FileChunk {
  readonly file: string;
  readonly lines: readonly LogLine[];
  readonly endBytes: number;
}

export interface LogFilesOptions {
  readonly folder: string;
  readonly services: readonly string[];
  readonly positions: Positions;
}

interface FoundFile {
  readonly service: string;
  readonly path: string;
  readonly identity: string;
  readonly sizeBytes: number;
  /** The file that is being written has no number; a higher one is older. */
  readonly generation: number;
}

/** What names a file: this much of its first line, which has a time and a process in it. */
const IDENTITY_BYTES = 512;
const CHUNK_BYTES = 1_048_576;
const NEWLINE = 10;

/**
 * The log files of services, read from where they have been shipped to: `<service>.log`, and `<service>.log.1` and so on after rotation.
 * They are the spool: as long as a file is kept, nothing in it can be lost.
 */
export class LogFiles {
  readonly #options: LogFilesOptions;

  constructor(options: LogFilesOptions) {
    this.#options = options;
  }

  /**
   * Up to about `linesMax` lines that are not shipped yet, the oldest of each service first. Empty when there are none. Positions of files
   * that are gone are forgotten, and what was not shipped of them is counted as lost.
   */
  async read(linesMax: number): Promise<FileChunk[]> {
    const found = await this.#find();
    this.#forgetGone(found);
    const chunks: FileChunk[] = [];
    let lines = 0;
    for (const file of found) {
      const position = this.#positionOf(file);
      if (file.sizeBytes <= position.shippedBytes || lines >= linesMax) continue;
      const chunk = await readChunk(file, position.shippedBytes, linesMax - lines);
      if (chunk === undefined) continue;
      chunks.push(chunk);
      lines += chunk.lines.length;
    }
    return chunks;
  }

  /** Tells how much is not shipped yet, for which nothing has to be shipped in between. */
  async measureSpool(): Promise<void> {
    const { of: positions } = this.#options.positions;
    const found = await this.#find();
    const waiting = found.map(({ identity, sizeBytes }) => sizeBytes - (positions.get(identity)?.shippedBytes ?? 0));
    metrics.logSpoolBytes.set(waiting.reduce((sum, bytes) => sum + bytes, 0));
  }

  #positionOf({ service, identity, sizeBytes }: FoundFile): Position {
    const known = this.#options.positions.of.get(identity);
    const position = { service, shippedBytes: known?.shippedBytes ?? 0, sizeBytes };
    this.#options.positions.of.set(identity, position);
    return position;
  }

  #forgetGone(found: readonly FoundFile[]): void {
    const there = new Set(found.map(({ identity }) => identity));
    for (const [identity, { service, shippedBytes, sizeBytes }] of this.#options.positions.of) {
      if (there.has(identity)) continue;
      this.#options.positions.of.delete(identity);
      if (sizeBytes > shippedBytes) metrics.logLostBytes.inc({ service }, sizeBytes - shippedBytes);
    }
  }

  /** The files of each service, the oldest first. One that rotates meanwhile is found twice or not at all, and the next look finds it. */
  async #find(): Promise<FoundFile[]> {
    const { folder, services } = this.#options;
    const names = await readdir(folder).catch(() => []);
    const found: FoundFile[] = [];
    for (const service of services) {
      const pattern = new RegExp(`^${service}\\.log(?:\\.(\\d+))?$`);
      for (const name of names) {
        const match = pattern.exec(name);
        if (!match) continue;
        const path = join(folder, name);
        const seen = await identify(path);
        if (seen) found.push({ service, path, generation: Number(match[1] ?? 0), ...seen });
      }
    }
    const once = new Map(found.map((file) => [file.identity, file]));
    return [...once.values()].sort((a, b) => b.generation - a.generation);
  }
}

/** Undefined for a file that has no whole line yet, or has just been renamed. */
async function identify(path: string): Promise<{ identity: string; sizeBytes: number } | undefined> {
  return withFile(path, async (file) => {
    const { size } = await file.stat();
    const head = Buffer.alloc(IDENTITY_BYTES);
    const { bytesRead } = await file.read(head, 0, IDENTITY_BYTES, 0);
    const end = head.subarray(0, bytesRead).indexOf(NEWLINE);
    if (end === -1 && bytesRead < IDENTITY_BYTES) return undefined;
    const identity = createHash('sha256')
      .update(end === -1 ? head : head.subarray(0, end))
      .digest('hex')
      .slice(0, 32);
    return { identity, sizeBytes: size };
  });
}

async function readChunk({ path, service, identity }: FoundFile, from: number, linesMax: number): Promise<FileChunk | undefined> {
  return withFile(path, async (file) => {
    const buffer = Buffer.alloc(CHUNK_BYTES);
    const { bytesRead } = await file.read(buffer, 0, CHUNK_BYTES, from);
    const lines: LogLine[] = [];
    let begin = 0;
    while (lines.length < linesMax) {
      const end = buffer.subarray(0, bytesRead).indexOf(NEWLINE, begin);
      if (end === -1) break;
      if (end > begin) lines.push({ service, file: identity, offset: from + begin, text: buffer.toString('utf8', begin, end) });
      begin = end + 1;
    }
    // A line that fills the whole buffer is none of ours: it is passed over in pieces.
    if (begin === 0 && bytesRead === CHUNK_BYTES) {
      const text = buffer.toString('utf8', 0, IDENTITY_BYTES);
      return { file: identity, lines: [{ service, file: identity, offset: from, text }], endBytes: from + CHUNK_BYTES };
    }
    return begin === 0 ? undefined : { file: identity, lines, endBytes: from + begin };
  });
}

/** What `read` gives; undefined where the file is gone. */
async function withFile<T>(path: string, read: (file: FileHandle) => Promise<T>): Promise<T | undefined> {
  let file: FileHandle;
  try {
    file = await open(path, 'r');
  } catch {
    return undefined;
  }
  try {
    return await read(file);
  } finally {
    await file.close();
  }
}
