import { closeSync, fstatSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

const SIZE_MAX_BYTES = 16 * 1024 * 1024;

/** A log file that never takes more than twice `sizeMaxBytes` of disk: a full one becomes `<path>.1` and replaces the one before. */
export class BoundedLog {
  readonly path: string;
  readonly #sizeMaxBytes: number;
  #open: { file: number; sizeBytes: number } | undefined;

  constructor(path: string, sizeMaxBytes = SIZE_MAX_BYTES) {
    this.path = path;
    this.#sizeMaxBytes = sizeMaxBytes;
    mkdirSync(dirname(path), { recursive: true });
  }

  write(chunk: Buffer): void {
    let open = this.#reopen();
    if (open.sizeBytes > 0 && open.sizeBytes + chunk.length > this.#sizeMaxBytes) {
      this.close();
      renameSync(this.path, `${this.path}.1`);
      open = this.#reopen();
    }
    writeSync(open.file, chunk);
    open.sizeBytes += chunk.length;
  }

  /** A later write opens it again. */
  close(): void {
    if (this.#open) closeSync(this.#open.file);
    this.#open = undefined;
  }

  #reopen(): { file: number; sizeBytes: number } {
    if (!this.#open) {
      const file = openSync(this.path, 'a');
      this.#open = { file, sizeBytes: fstatSync(file).size };
    }
    return this.#open;
  }
}
