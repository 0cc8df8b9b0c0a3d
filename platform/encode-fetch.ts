import { ByteWriter } from './byte-writer.ts';

/** What is asked of a broker: everything from some offset of each partition on, at most so many bytes. */
export interface FetchRequest {
  readonly replicaId: number;
  readonly maxWaitMs: number;
  readonly minBytes: number;
  readonly maxBytes: number;
  /** 0: everything; 1: what no transaction can take back. */
  readonly isolationLevel: number;
  readonly topics: readonly { readonly topic: string; readonly partitions: readonly FetchedPartition[] }[];
  readonly rackId: string;
}

export interface FetchedPartition {
  readonly partition: number;
  readonly fetchOffset: bigint;
  readonly maxBytes: number;
}

const PARTITION_BYTES = 4 + 4 + 8 + 8 + 4;

/** The body of a fetch request, version 11 (kafka.apache.org/protocol), outside any session. Measured first and written once. */
export function encodeFetch({ topics, rackId, ...asked }: FetchRequest): Buffer {
  let bytes = 4 * 4 + 1 + 4 + 4 + 4 + 4 + 2 + Buffer.byteLength(rackId);
  for (const { topic, partitions } of topics) bytes += 2 + Buffer.byteLength(topic) + 4 + partitions.length * PARTITION_BYTES;
  const out = new ByteWriter(Buffer.allocUnsafe(bytes));
  out.int32(asked.replicaId);
  out.int32(asked.maxWaitMs);
  out.int32(asked.minBytes);
  out.int32(asked.maxBytes);
  out.int8(asked.isolationLevel);
  out.int32(0); // no session
  out.int32(-1);
  out.int32(topics.length);
  for (const { topic, partitions } of topics) {
    out.int16(Buffer.byteLength(topic));
    out.bytes(topic);
    out.int32(partitions.length);
    for (const partition of partitions) writePartition(out, partition);
  }
  out.int32(0); // nothing to forget
  out.int16(Buffer.byteLength(rackId));
  out.bytes(rackId);
  return out.buffer;
}

function writePartition(out: ByteWriter, { partition, fetchOffset, maxBytes }: FetchedPartition): void {
  out.int32(partition);
  out.int32(-1); // whoever leads it
  out.int64(fetchOffset);
  out.int64(-1n); // only followers say where their log begins
  out.int32(maxBytes);
}
