import { FEATURE_SET } from './declare-features.ts';
import { EventRing } from './event-ring.ts';
import { FeatureKernel } from './feature-kernel.ts';
import type { TerminalLabel } from './park-labels.ts';
import { ByteReader, ByteWriter, SnapshotUnreadable } from './state-bytes.ts';
import type { Terminal } from './terminal-state.ts';

/** Version of the layout: a header, then records of customers, terminals and parked labels in any order, an end mark and a checksum. */
export const SNAPSHOT_FORMAT = 1;

const MAGIC = 0x4c_55_4d_31;
const RECORD = { end: 0, customer: 1, terminal: 2, parkedLabel: 3 } as const;

/**
 * A snapshot that is being taken of a kernel, in the state that it had when it was opened. The kernel may go on folding in between.
 * Only one of a kernel at a time.
 */
export class FeatureSnapshot {
  readonly #kernel: FeatureKernel;
  readonly #writer = new ByteWriter();

  constructor(kernel: FeatureKernel) {
    const writer = this.#writer;
    this.#kernel = kernel;
    writer.u32(MAGIC);
    writer.u32(SNAPSHOT_FORMAT);
    writer.text(FEATURE_SET);
    writer.f64(kernel.newestMs);
    for (const label of kernel.terminals.parked.values()) {
      writer.u8(RECORD.parkedLabel);
      writeLabel(writer, label);
    }
    kernel.customers.rings.openPass((subject, ring) => {
      writer.u8(RECORD.customer);
      writer.text(subject);
      ring.writeTo(writer);
    });
    kernel.terminals.terminals.openPass((id, terminal) => {
      writer.u8(RECORD.terminal);
      writer.text(id);
      writeTerminal(writer, terminal);
    });
  }

  /** Writes at most `most` entities. Undefined while there are more, then the whole snapshot as chunks of bytes. */
  writeSome(most: number): Buffer[] | undefined {
    const customers = this.#kernel.customers.rings.writeSome(most);
    if (customers === most) return undefined;
    if (this.#kernel.terminals.terminals.writeSome(most - customers) === most - customers) return undefined;
    this.#writer.u8(RECORD.end);
    return this.#writer.finish();
  }
}

/** The whole state at once. Equal kernels give equal bytes. */
export function writeSnapshot(kernel: FeatureKernel): Buffer {
  return Buffer.concat(new FeatureSnapshot(kernel).writeSome(Infinity) ?? []);
}

/** A kernel with the state that was written. Throws `SnapshotUnreadable`. */
export function readSnapshot(bytes: Buffer): FeatureKernel {
  const reader = new ByteReader(bytes);
  if (reader.u32() !== MAGIC) throw new SnapshotUnreadable('no snapshot of feature state');
  const format = reader.u32();
  if (format !== SNAPSHOT_FORMAT) throw new SnapshotUnreadable(`format ${format}, not ${SNAPSHOT_FORMAT}`);
  const featureSet = reader.text();
  if (featureSet !== FEATURE_SET) throw new SnapshotUnreadable(`made for the features ${featureSet}, here are ${FEATURE_SET}`);
  const kernel = new FeatureKernel(reader.f64());
  while (readRecord(reader, kernel));
  if (!reader.atEnd) throw new SnapshotUnreadable('goes on behind its end');
  return kernel;
}

/** False at the end mark. */
function readRecord(reader: ByteReader, kernel: FeatureKernel): boolean {
  const record = reader.u8();
  switch (record) {
    case RECORD.customer:
      kernel.customers.rings.add(reader.text(), EventRing.readFrom(reader));
      return true;
    case RECORD.terminal:
      kernel.terminals.terminals.add(reader.text(), readTerminal(reader));
      return true;
    case RECORD.parkedLabel:
      kernel.terminals.parked.park(readLabel(reader));
      return true;
    case RECORD.end:
      return false;
    default:
      throw new SnapshotUnreadable(`record of kind ${record}`);
  }
}

function writeTerminal(writer: ByteWriter, { ring, waiting }: Terminal): void {
  ring.writeTo(writer);
  writer.u32(waiting.length);
  for (const label of waiting) writeLabel(writer, label);
}

function readTerminal(reader: ByteReader): Terminal {
  return { ring: EventRing.readFrom(reader), waiting: Array.from({ length: reader.u32() }, () => readLabel(reader)) };
}

function writeLabel(writer: ByteWriter, { terminal, id, timeMs, fraud, countsFromMs }: TerminalLabel): void {
  writer.text(terminal);
  writer.text(id);
  writer.f64(timeMs);
  writer.u8(fraud ? 1 : 0);
  writer.f64(countsFromMs);
}

function readLabel(reader: ByteReader): TerminalLabel {
  return { terminal: reader.text(), id: reader.text(), timeMs: reader.f64(), fraud: reader.u8() === 1, countsFromMs: reader.f64() };
}
