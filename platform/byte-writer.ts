/** Writes one thing behind the other, as the protocol of Kafka has it (kafka.apache.org/protocol): numbers big-endian. */
export class ByteWriter {
  readonly buffer: Buffer;
  place = 0;

  constructor(buffer: Buffer) {
    this.buffer = buffer;
  }

  int8(value: number): void {
    this.buffer[this.place++] = value;
  }

  int16(value: number): void {
    this.place = this.buffer.writeInt16BE(value, this.place);
  }

  int32(value: number): void {
    this.place = this.buffer.writeInt32BE(value, this.place);
  }

  int64(value: bigint): void {
    this.place = this.buffer.writeBigInt64BE(value, this.place);
  }

  varInt(value: number): void {
    let rest = (value << 1) ^ (value >> 31);
    for (; (rest & ~0x7f) !== 0; rest >>>= 7) this.int8((rest & 0x7f) | 0x80);
    this.int8(rest);
  }

  bytes(value: string | Buffer): void {
    this.place += typeof value === 'string' ? this.buffer.write(value, this.place) : value.copy(this.buffer, this.place);
  }

  /** With its length before it; -1 for null. */
  sized(value: string | Buffer | null): void {
    this.varInt(value === null ? -1 : Buffer.byteLength(value));
    if (value !== null) this.bytes(value);
  }
}

/** How many bytes a value takes with its length before it. */
export function sizedBytes(value: string | Buffer | null): number {
  if (value === null) return varIntBytes(-1);
  const bytes = Buffer.byteLength(value);
  return varIntBytes(bytes) + bytes;
}

/** How many bytes a number takes: zigzag, then seven bits a byte. */
export function varIntBytes(value: number): number {
  let rest = ((value << 1) ^ (value >> 31)) >>> 7;
  let bytes = 1;
  for (; rest !== 0; rest >>>= 7) bytes++;
  return bytes;
}
