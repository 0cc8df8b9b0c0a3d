/** What a broker gives, as kafkajs takes it: 64-bit numbers as digits. */
export interface FetchAnswer {
  readonly throttleTime: number;
  readonly clientSideThrottleTime: number;
  readonly errorCode: number;
  readonly sessionId: number;
  readonly responses: readonly { readonly topicName: string; readonly partitions: readonly PartitionAnswer[] }[];
}

export interface PartitionAnswer {
  readonly partition: number;
  readonly errorCode: number;
  readonly highWatermark: string;
  readonly lastStableOffset: string;
  readonly lastStartOffset: string;
  readonly abortedTransactions: readonly { readonly producerId: string; readonly firstOffset: string }[];
  readonly preferredReadReplica: number;
  readonly messages: readonly FetchedRecord[];
}

export interface FetchedRecord {
  readonly magicByte: number;
  readonly attributes: number;
  readonly timestamp: string;
  readonly offset: string;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: Readonly<Record<string, Buffer | null | (Buffer | null)[]>>;
  readonly isControlRecord: boolean;
  readonly batchContext: BatchContext;
}

/** What the records of a batch have in common. */
export interface BatchContext {
  readonly firstOffset: string;
  readonly firstTimestamp: string;
  readonly partitionLeaderEpoch: number;
  readonly inTransaction: boolean;
  readonly isControlBatch: boolean;
  readonly lastOffsetDelta: number;
  readonly producerId: string;
  readonly producerEpoch: number;
  readonly firstSequence: number;
  readonly maxTimestamp: string;
  readonly timestampType: number;
  readonly magicByte: number;
}

const MAGIC = 2;
/** Of a record batch: from its offset to its magic byte, and the least that a batch takes behind its offset and length. */
const BEFORE_MAGIC_BYTES = 16;
const BATCH_LEAST_BYTES = 49;
const COMPRESSION = 0x07;
const LOG_APPEND_TIME = 0x08;
const TRANSACTIONAL = 0x10;
const CONTROL = 0x20;

/**
 * Reads the body of a fetch's answer, version 11 (kafka.apache.org/protocol, KIP-98), at one go and with one slice for each key, value and
 * header. Checksums are not verified, as the driver does not. Undefined for what is left to the driver: compressed records, those of before
 * Kafka 0.11, and numbers beyond what a double holds. Throws `RangeError` where the bytes end before they should.
 */
export function decodeFetch(body: Buffer): FetchAnswer | undefined {
  const input = new Reader(body);
  try {
    // What the client has to wait is its own affair: the broker has not held this answer back.
    const head = { throttleTime: 0, clientSideThrottleTime: input.int32(), errorCode: input.int16(), sessionId: input.int32() };
    const responses = input.array(() => ({ topicName: input.text(), partitions: input.array(() => readPartition(input)) }));
    return { ...head, responses };
  } catch (error) {
    if (error === LEFT_TO_DRIVER) return undefined;
    throw error;
  }
}

const LEFT_TO_DRIVER = new Error('not a plain batch');

function readPartition(input: Reader): PartitionAnswer {
  return {
    partition: input.int32(),
    errorCode: input.int16(),
    highWatermark: input.int64(),
    lastStableOffset: input.int64(),
    lastStartOffset: input.int64(),
    abortedTransactions: input.array(() => ({ producerId: input.int64(), firstOffset: input.int64() })),
    preferredReadReplica: input.int32(),
    messages: readBatches(input),
  };
}

/** The last batch may be cut off: the broker fills the room that it is given, and the rest comes with the next fetch. */
function readBatches(input: Reader): FetchedRecord[] {
  const bytes = input.int32();
  const records: FetchedRecord[] = [];
  if (bytes <= 0 || bytes > input.left()) return records;
  const end = input.place + bytes;
  if (input.buffer[input.place + BEFORE_MAGIC_BYTES] !== MAGIC) throw LEFT_TO_DRIVER;
  while (end - input.place >= BATCH_LEAST_BYTES) {
    const firstOffset = input.safeInt64();
    const batchEnd = input.place + 4 + input.int32();
    if (batchEnd > end) break;
    readBatch(input, firstOffset, records);
    input.place = batchEnd;
  }
  input.place = end;
  return records;
}

function readBatch(input: Reader, firstOffset: number, records: FetchedRecord[]): void {
  const partitionLeaderEpoch = input.int32();
  const magicByte = input.int8();
  input.int32(); // the checksum
  const attributes = input.int16();
  if (magicByte !== MAGIC || (attributes & COMPRESSION) !== 0) throw LEFT_TO_DRIVER;
  const lastOffsetDelta = input.int32();
  const firstTimestamp = input.safeInt64();
  const context: BatchContext = {
    firstOffset: String(firstOffset),
    firstTimestamp: String(firstTimestamp),
    partitionLeaderEpoch,
    inTransaction: (attributes & TRANSACTIONAL) !== 0,
    isControlBatch: (attributes & CONTROL) !== 0,
    lastOffsetDelta,
    maxTimestamp: input.int64(),
    producerId: input.int64(),
    producerEpoch: input.int16(),
    firstSequence: input.int32(),
    timestampType: (attributes & LOG_APPEND_TIME) !== 0 ? 1 : 0,
    magicByte,
  };
  for (let left = input.int32(); left > 0; left--) records.push(readRecord(input, context, { firstOffset, firstTimestamp }));
}

function readRecord(input: Reader, context: BatchContext, first: { firstOffset: number; firstTimestamp: number }): FetchedRecord {
  const end = input.varInt() + input.place;
  const attributes = input.int8();
  const timestamp = first.firstTimestamp + input.varInt();
  const record = {
    magicByte: context.magicByte,
    attributes,
    timestamp: context.timestampType === 1 ? context.maxTimestamp : String(timestamp),
    offset: String(first.firstOffset + input.varInt()),
    key: input.sized(),
    value: input.sized(),
    headers: readHeaders(input),
    isControlRecord: context.isControlBatch,
    batchContext: context,
  };
  input.place = end;
  return record;
}

function readHeaders(input: Reader): FetchedRecord['headers'] {
  const headers: Record<string, Buffer | null | (Buffer | null)[]> = {};
  for (let left = input.varInt(); left > 0; left--) {
    const name = input.sizedText();
    const value = input.sized();
    if (name in headers) addHeader(headers, name, value);
    else headers[name] = value;
  }
  return headers;
}

/** A name that comes again, or that every object has: it must not reach what objects inherit. */
function addHeader(headers: Record<string, Buffer | null | (Buffer | null)[]>, name: string, value: Buffer | null): void {
  const before = Object.hasOwn(headers, name) ? headers[name] : undefined;
  const all = before === undefined ? value : Array.isArray(before) ? [...before, value] : [before, value];
  Object.defineProperty(headers, name, { value: all, enumerable: true, configurable: true, writable: true });
}

/** Reads one thing behind the other; numbers big-endian. */
class Reader {
  readonly buffer: Buffer;
  place = 0;

  constructor(buffer: Buffer) {
    this.buffer = buffer;
  }

  left(): number {
    return this.buffer.length - this.place;
  }

  int8(): number {
    return this.buffer.readInt8(this.place++);
  }

  int16(): number {
    this.place += 2;
    return this.buffer.readInt16BE(this.place - 2);
  }

  int32(): number {
    this.place += 4;
    return this.buffer.readInt32BE(this.place - 4);
  }

  int64(): string {
    this.place += 8;
    return this.buffer.readBigInt64BE(this.place - 8).toString();
  }

  /** A number that is to be counted with. */
  safeInt64(): number {
    const value = this.int32() * 0x1_0000_0000 + (this.int32() >>> 0);
    if (!Number.isSafeInteger(value)) throw LEFT_TO_DRIVER;
    return value;
  }

  /** Seven bits a byte, the lowest first, then zigzag. */
  varInt(): number {
    let value = 0;
    for (let factor = 1; factor <= 2 ** 42; factor *= 128) {
      const byte = this.buffer.readUInt8(this.place++);
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
    }
    throw LEFT_TO_DRIVER;
  }

  array<T>(read: () => T): T[] {
    const items: T[] = [];
    for (let left = this.int32(); left > 0; left--) items.push(read());
    return items;
  }

  text(): string {
    const bytes = this.int16();
    return bytes < 0 ? '' : this.#take(bytes).toString();
  }

  sized(): Buffer | null {
    const bytes = this.varInt();
    return bytes < 0 ? null : this.#take(bytes);
  }

  sizedText(): string {
    const bytes = this.varInt();
    if (bytes <= 0) return '';
    const start = this.place;
    this.#pass(bytes);
    return this.buffer.toString('utf8', start, this.place);
  }

  #take(bytes: number): Buffer {
    const start = this.place;
    this.#pass(bytes);
    return this.buffer.subarray(start, this.place);
  }

  #pass(bytes: number): void {
    this.place += bytes;
    if (this.place > this.buffer.length)
      throw new RangeError(`the answer to a fetch ends ${this.place - this.buffer.length} bytes too early`);
  }
}
