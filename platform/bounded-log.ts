import { closeSync, existsSync, fstatSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

const SIZE_MAX_BYTES = 16 * 1024 * 1024;
const NEWLINE = 10;

export interface BoundedLogOptions {
  readonly sizeMaxBytes?: number;
  /** How many full files are kept besides the one that is written. Default 1. */
  readonly generations?: number;
}

/**
 * A log file that never takes more than `generations + 1` times `sizeMaxBytes` of disk: a full one becomes `<path>.1`, that one `<path>.2`
 * and so on, and the last is replaced. A line is never divided between two files.
 */
export class BoundedLog {
  readonly path: string;
  readonly #sizeMaxBytes: number;
  readonly #generations: number;
  #open: { file: number; sizeBytes: number } | undefined;

  constructor(path: string, { sizeMaxBytes = SIZE_MAX_BYTES, generations = 1 }: BoundedLogOptions = {}) {
    this.path = path;
    this.#sizeMaxBytes = sizeMaxBytes;
    this.#generations = generations;
    mkdirSync(dirname(path), { recursive: true });
  }

  write(chunk: Buffer): void {
    const open = this.#reopen();
    if (open.sizeBytes === 0 || open.sizeBytes + chunk.length <= this.#sizeMaxBytes) {
      this.#append(chunk);
      return;
    }
    const lineEnd = chunk.indexOf(NEWLINE) + 1;
    // Without a line end in it, what does not end is cut where it is twice too long.
    if (lineEnd === 0 && open.sizeBytes < 2 * this.#sizeMaxBytes) {
      this.#append(chunk);
      return;
    }
    this.#append(chunk.subarray(0, lineEnd));
    this.#rotate();
    this.#append(chunk.subarray(lineEnd));
  }

  /** A later write opens it again. */
  close(): void {
    if (this.#open) closeSync(this.#open.file);
    this.#open = undefined;
  }

  #append(bytes: Buffer): void {
    if (bytes.length === 0) return;
    const open = this.#reopen();
    writeSync(open.file, bytes);
    open.sizeBytes += bytes.length;
  }

  #rotate(): void {
    this.close();
    for (let generation = this.#generations - 1; generation >= 1; generation--) {
      if (existsSync(`${this.path}.${generation}`)) renameSync(`${this.path}.${generation}`, `${this.path}.${generation + 1}`);
    }
    renameSync(this.path, `${this.path}.1`);
  }

  #reopen(): { file: number; sizeBytes: number } {
    if (!this.#open) {
      const file = openSync(this.path, 'a');
      this.#open = { file, sizeBytes: fstatSync(file).size };
    }
    return this.#open;
  }
}
