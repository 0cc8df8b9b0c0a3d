import { crc32c } from '@node-rs/crc32';
import { ByteWriter, sizedBytes, varIntBytes } from './byte-writer.ts';

/** One record to write. */
export interface ProducedRecord {
  readonly key: string | Buffer | null;
  readonly value: string | Buffer | null;
  readonly headers: Readonly<Record<string, string>>;
}

/** What a produce request carries; acknowledgement by all in-sync replicas is -1. */
export interface ProduceRequest {
  readonly acks: number;
  readonly timeoutMs: number;
  readonly topics: readonly { readonly topic: string; readonly partitions: readonly ProducedPartition[] }[];
}

export interface ProducedPartition {
  readonly partition: number;
  readonly records: readonly ProducedRecord[];
}

/** Of a record batch: what lies before its records, from the base offset on; from the length on; from the checksum on. */
const BATCH_HEAD_BYTES = 61;
const BEFORE_LENGTH_BYTES = 12;
const BEFORE_CHECKSUM_BYTES = 21;
const MAGIC = 2;

/**
 * The body of a produce request, version 3 to 7 (kafka.apache.org/protocol, KIP-98), with one uncompressed record batch a partition, of a
 * producer that is not idempotent. All records get the time `nowMs`, in whole milliseconds. Measured first and written once into one
 * allocation: a driver that nests encoders copies every record eight times.
 */
export function encodeProduce({ acks, timeoutMs, topics }: ProduceRequest, nowMs: number): Buffer {
  const sized = topics.map(({ topic, partitions }) => ({ topic, partitions: partitions.map(sizePartition) }));
  let bytes = 2 + 2 + 4 + 4;
  for (const { topic, partitions } of sized) {
    bytes += 2 + Buffer.byteLength(topic) + 4;
    for (const { batchBytes } of partitions) bytes += 4 + 4 + batchBytes;
  }
  const out = new ByteWriter(Buffer.allocUnsafe(bytes));
  out.int16(-1); // no transaction
  out.int16(acks);
  out.int32(timeoutMs);
  out.int32(sized.length);
  for (const { topic, partitions } of sized) {
    out.int16(Buffer.byteLength(topic));
    out.bytes(topic);
    out.int32(partitions.length);
    for (const partition of partitions) {
      out.int32(partition.partition);
      out.int32(partition.batchBytes);
      writeBatch(out, partition, nowMs);
    }
  }
  return out.buffer;
}

interface SizedPartition extends ProducedPartition {
  readonly batchBytes: number;
  /** Of each record, without the length that stands before it. */
  readonly recordBytes: readonly number[];
}

function sizePartition({ partition, records }: ProducedPartition): SizedPartition {
  const recordBytes = records.map(sizeRecord);
  let batchBytes = BATCH_HEAD_BYTES;
  for (const size of recordBytes) batchBytes += varIntBytes(size) + size;
  return { partition, records, recordBytes, batchBytes };
}

/** Attributes and time delta take a byte each. */
function sizeRecord({ key, value, headers }: ProducedRecord, index: number): number {
  const names = Object.keys(headers);
  let bytes = 1 + 1 + varIntBytes(index) + sizedBytes(key) + sizedBytes(value) + varIntBytes(names.length);
  for (const name of names) bytes += sizedBytes(name) + sizedBytes(headers[name] ?? '');
  return bytes;
}

function writeBatch(out: ByteWriter, { records, recordBytes, batchBytes }: SizedPartition, nowMs: number): void {
  const start = out.place;
  out.int64(0n); // base offset: the broker's to give
  out.int32(batchBytes - BEFORE_LENGTH_BYTES);
  out.int32(0); // leader epoch
  out.int8(MAGIC);
  out.int32(0); // the checksum, below
  out.int16(0); // attributes: no compression, time of creation
  out.int32(records.length - 1);
  out.int64(BigInt(nowMs));
  out.int64(BigInt(nowMs));
  out.int64(-1n); // no producer id
  out.int16(0);
  out.int32(0);
  out.int32(records.length);
  for (const [index, record] of records.entries()) writeRecord(out, record, index, recordBytes[index] ?? 0);
  const checked = start + BEFORE_CHECKSUM_BYTES;
  out.buffer.writeUInt32BE(crc32c(out.buffer.subarray(checked, out.place)), checked - 4);
}

function writeRecord(out: ByteWriter, { key, value, headers }: ProducedRecord, index: number, bytes: number): void {
  out.varInt(bytes);
  out.int8(0); // attributes
  out.varInt(0); // time delta
  out.varInt(index);
  out.sized(key);
  out.sized(value);
  const names = Object.keys(headers);
  out.varInt(names.length);
  for (const name of names) {
    out.sized(name);
    out.sized(headers[name] ?? '');
  }
}
