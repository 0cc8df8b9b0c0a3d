/** Appends numbers and texts to a buffer that grows. Little endian. */
export class ByteWriter {
  #buffer = Buffer.allocUnsafe(65_536);
  #length = 0;

  u8(value: number): void {
    this.#reserve(1);
    this.#length = this.#buffer.writeUInt8(value, this.#length);
  }

  u32(value: number): void {
    this.#reserve(4);
    this.#length = this.#buffer.writeUInt32LE(value, this.#length);
  }

  f64(value: number): void {
    this.#reserve(8);
    this.#length = this.#buffer.writeDoubleLE(value, this.#length);
  }

  /** A text of at most 65,535 bytes of UTF-8. */
  text(value: string): void {
    this.#reserve(2 + value.length * 3);
    const bytes = this.#buffer.write(value, this.#length + 2, 'utf8');
    this.#buffer.writeUInt16LE(bytes, this.#length);
    this.#length += 2 + bytes;
  }

  /** What was written so far. */
  bytes(): Buffer {
    return this.#buffer.subarray(0, this.#length);
  }

  #reserve(count: number): void {
    if (this.#length + count <= this.#buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.#buffer.length * 2, this.#length + count));
    this.#buffer.copy(larger, 0, 0, this.#length);
    this.#buffer = larger;
  }
}

/** Reads what a `ByteWriter` wrote. Throws `RangeError` behind the end. */
export class ByteReader {
  readonly #buffer: Buffer;
  #position = 0;

  constructor(buffer: Buffer) {
    this.#buffer = buffer;
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
    if (this.#position > this.#buffer.length) throw new RangeError('text reaches behind the end');
    return this.#buffer.toString('utf8', start, start + length);
  }

  get atEnd(): boolean {
    return this.#position === this.#buffer.length;
  }

  #advance(count: number): number {
    const position = this.#position;
    this.#position += count;
    return position;
  }
}
