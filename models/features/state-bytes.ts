import { crc32 } from 'node:zlib';

/** Bytes that are no snapshot, are damaged, or come from another feature set or format. The state has to be rebuilt from the log. */
export class SnapshotUnreadable extends Error {
  override readonly name = 'SnapshotUnreadable';
}

const CHUNK_BYTES = 1 << 20;
const CHECKSUM_BYTES = 4;

/** Appends numbers and texts to chunks of memory, and keeps their checksum. Little endian. Nothing is copied when it grows. */
export class ByteWriter {
  readonly #chunks: Buffer[] = [];
  #chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  #length = 0;
  #checksum = 0;

  u8(value: number): void {
    this.#reserve(1);
    this.#chunk[this.#length++] = value;
  }

  u32(value: number): void {
    this.#reserve(4);
    this.#length = this.#chunk.writeUInt32LE(value, this.#length);
  }

  f64(value: number): void {
    this.#reserve(8);
    this.#length = this.#chunk.writeDoubleLE(value, this.#length);
  }

  /** A text of at most 20,000 characters. */
  text(value: string): void {
    this.#reserve(2 + value.length * 3);
    const start = this.#length + 2;
    let end = start;
    // Ids are short and ASCII; a call out of JavaScript for each would cost more than this loop.
    for (let index = 0; index < value.length; index++) {
      const code = value.charCodeAt(index);
      if (code > 0x7f) {
        end = start + this.#chunk.write(value, start, 'utf8');
        break;
      }
      this.#chunk[end++] = code;
    }
    this.#chunk.writeUInt16LE(end - start, this.#length);
    this.#length = end;
  }

  /** Everything that was written and its checksum, as chunks. Nothing can be written afterwards. */
  finish(): Buffer[] {
    this.#closeChunk();
    const checksum = Buffer.allocUnsafe(CHECKSUM_BYTES);
    checksum.writeUInt32LE(this.#checksum);
    return [...this.#chunks, checksum];
  }

  #reserve(count: number): void {
    if (this.#length + count <= this.#chunk.length) return;
    this.#closeChunk();
    this.#chunk = Buffer.allocUnsafe(CHUNK_BYTES);
    this.#length = 0;
  }

  #closeChunk(): void {
    const written = this.#chunk.subarray(0, this.#length);
    this.#checksum = crc32(written, this.#checksum);
    this.#chunks.push(written);
  }
}

/** Reads what a `ByteWriter` wrote. */
export class ByteReader {
  readonly #buffer: Buffer;
  #position = 0;

  /** Throws `SnapshotUnreadable` when the checksum does not fit. */
  constructor(bytes: Buffer) {
    if (bytes.length < CHECKSUM_BYTES) throw new SnapshotUnreadable('too short');
    this.#buffer = bytes.subarray(0, -CHECKSUM_BYTES);
    if (crc32(this.#buffer) !== bytes.readUInt32LE(this.#buffer.length)) throw new SnapshotUnreadable('the checksum does not fit');
  }

  u8(): number {
    return this.#buffer.readUInt8(this.#advance(1));
  }

  u32(): number {
    return this.#buffer.readUInt32LE(this.#advance(4));
  }

  f64(): number {
    return this.#buffer.readDoubleLE(this.#advance(8));
  }

  text(): string {
    const length = this.#buffer.readUInt16LE(this.#advance(2));
    const start = this.#advance(length);
    return this.#buffer.toString('utf8', start, start + length);
  }

  get atEnd(): boolean {
    return this.#position === this.#buffer.length;
  }

  #advance(count: number): number {
    const position = this.#position;
    if (position + count > this.#buffer.length) throw new SnapshotUnreadable('ends too early');
    this.#position += count;
    return position;
  }
}
