import { AmountHistory } from './amount-history.ts';
import { CUSTOMER_RING } from './customer-beliefs.ts';
import type { Customer } from './customer-state.ts';
import { FEATURE_SET } from './declare-features.ts';
import type { BeliefParameters } from './describe-beliefs.ts';
import type { EntityBeliefs } from './entity-beliefs.ts';
import { EventRing, type RingShape } from './event-ring.ts';
import { FeatureKernel } from './feature-kernel.ts';
import type { LabelledEvents } from './labelled-events.ts';
import type { PaymentLabel } from './park-labels.ts';
import { readBelief, writeBelief, type SpellModel } from './spell-filter.ts';
import { ByteReader, ByteWriter, SnapshotUnreadable } from './state-bytes.ts';
import { TERMINAL_RING } from './terminal-beliefs.ts';
import type { Terminal } from './terminal-state.ts';

/** Version of the layout: a header, then records of customers, terminals and parked labels in any order, an end mark and a checksum. */
export const SNAPSHOT_FORMAT = 3;

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
    writer.text(kernel.beliefsHash);
    writer.f64(kernel.newestMs);
    for (const label of kernel.parked.values()) {
      writer.u8(RECORD.parkedLabel);
      writeLabel(writer, label);
    }
    kernel.customers.customers.openPass((subject, customer) => {
      writer.u8(RECORD.customer);
      writer.text(subject);
      writeCustomer(writer, customer);
    });
    kernel.terminals.terminals.openPass((id, terminal) => {
      writer.u8(RECORD.terminal);
      writer.text(id);
      writeTerminal(writer, terminal);
    });
  }

  /** Writes at most `most` entities. Undefined while there are more, then the whole snapshot as chunks of bytes. */
  writeSome(most: number): Buffer[] | undefined {
    const customers = this.#kernel.customers.customers.writeSome(most);
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

/** A kernel with the state that was written, for the same belief parameters. Throws `SnapshotUnreadable`. */
export function readSnapshot(bytes: Buffer, beliefs: BeliefParameters | null = null): FeatureKernel {
  const reader = new ByteReader(bytes);
  if (reader.u32() !== MAGIC) throw new SnapshotUnreadable('no snapshot of feature state');
  const format = reader.u32();
  if (format !== SNAPSHOT_FORMAT) throw new SnapshotUnreadable(`format ${format}, not ${SNAPSHOT_FORMAT}`);
  const featureSet = reader.text();
  if (featureSet !== FEATURE_SET) throw new SnapshotUnreadable(`made for the features ${featureSet}, here are ${FEATURE_SET}`);
  const beliefsHash = reader.text();
  const kernel = new FeatureKernel(beliefs, reader.f64());
  if (beliefsHash !== kernel.beliefsHash)
    throw new SnapshotUnreadable(`made with the belief parameters ${beliefsHash}, here are ${kernel.beliefsHash}`);
  while (readRecord(reader, kernel));
  if (!reader.atEnd) throw new SnapshotUnreadable('goes on behind its end');
  return kernel;
}

/** False at the end mark. */
function readRecord(reader: ByteReader, kernel: FeatureKernel): boolean {
  const record = reader.u8();
  switch (record) {
    case RECORD.customer:
      kernel.customers.customers.add(reader.text(), readCustomer(reader, kernel));
      return true;
    case RECORD.terminal:
      kernel.terminals.terminals.add(reader.text(), readTerminal(reader, kernel));
      return true;
    case RECORD.parkedLabel:
      kernel.parked.park(readLabel(reader));
      return true;
    case RECORD.end:
      return false;
    default:
      throw new SnapshotUnreadable(`record of kind ${record}`);
  }
}

function writeCustomer(writer: ByteWriter, customer: Customer): void {
  writeEvents(writer, customer);
  writer.f64(customer.firstMs);
  customer.amounts.writeTo(writer);
  if (!customer.beliefs) return;
  for (const share of customer.beliefs.shares) writer.f64(share);
  writeBelief(writer, customer.beliefs.spells.base);
}

function readCustomer(reader: ByteReader, { customers }: FeatureKernel): Customer {
  const events = readEvents(reader, CUSTOMER_RING);
  const firstMs = reader.f64();
  const amounts = AmountHistory.readFrom(reader);
  const beliefs = customers.beliefs?.newBeliefs() ?? null;
  if (beliefs && customers.beliefs) {
    for (let index = 0; index < beliefs.shares.length; index++) beliefs.shares[index] = reader.f64();
    restoreBelief(reader, customers.beliefs.spells, beliefs.spells);
  }
  return { ...events, firstMs, amounts, beliefs };
}

function writeTerminal(writer: ByteWriter, terminal: Terminal): void {
  writeEvents(writer, terminal);
  if (terminal.beliefs) writeBelief(writer, terminal.beliefs.base);
}

function readTerminal(reader: ByteReader, { terminals }: FeatureKernel): Terminal {
  const events = readEvents(reader, TERMINAL_RING);
  const beliefs = terminals.beliefs?.newBeliefs() ?? null;
  if (beliefs && terminals.beliefs) restoreBelief(reader, terminals.beliefs.spells, beliefs);
  return { ...events, beliefs };
}

/** The front is a short cut that is made again from the base and the events. */
function restoreBelief(reader: ByteReader, model: SpellModel, { base, front }: EntityBeliefs): void {
  model.copy(readBelief(reader, model), base);
  model.copy(base, front);
}

function writeEvents(writer: ByteWriter, { ring, waiting }: LabelledEvents): void {
  ring.writeTo(writer);
  writer.u32(waiting.length);
  for (const label of waiting) writeLabel(writer, label);
}

function readEvents(reader: ByteReader, shape: RingShape): LabelledEvents {
  return { ring: EventRing.readFrom(reader, shape), waiting: Array.from({ length: reader.u32() }, () => readLabel(reader)) };
}

function writeLabel(writer: ByteWriter, { subject, terminal, id, timeMs, fraud, countsFromMs }: PaymentLabel): void {
  writer.text(subject);
  writer.u8(terminal === null ? 0 : 1);
  writer.text(terminal ?? '');
  writer.text(id);
  writer.f64(timeMs);
  writer.u8(fraud ? 1 : 0);
  writer.f64(countsFromMs);
}

function readLabel(reader: ByteReader): PaymentLabel {
  const subject = reader.text();
  const named = reader.u8() === 1;
  const terminal = reader.text();
  const id = reader.text();
  const timeMs = reader.f64();
  const fraud = reader.u8() === 1;
  return { subject, terminal: named ? terminal : null, id, timeMs, fraud, countsFromMs: reader.f64() };
}
