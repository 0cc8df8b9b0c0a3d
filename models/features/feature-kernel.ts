import { crc32 } from 'node:zlib';
import { CustomerState, type FoldOutcome } from './customer-state.ts';
import { FEATURE_COUNT, FEATURE_SET } from './declare-features.ts';
import { DAY_MS, RETENTION_MS } from './feature-windows.ts';
import type { TerminalLabel } from './park-labels.ts';
import { ByteReader, ByteWriter } from './state-bytes.ts';
import { TerminalState, type LabelOutcome } from './terminal-state.ts';
import { writeCalendarFeatures } from './write-calendar-features.ts';

/** A transaction as the features see it. */
export interface FeatureEvent {
  /** Who pays: the partition key. */
  readonly subject: string;
  /** Null where the transaction names no terminal. */
  readonly terminal: string | null;
  /** Unique for the transaction. Neither id nor terminal holds a space. */
  readonly id: string;
  /** When it happened, in milliseconds since the epoch. */
  readonly timeMs: number;
  /** Thousandths of the currency's unit: 57160 is 57.16. */
  readonly amountThousandths: number;
}

/** Bytes that are no snapshot, are damaged, or come from another feature set or format. The state has to be rebuilt from the log. */
export class SnapshotUnreadable extends Error {
  override readonly name = 'SnapshotUnreadable';
}

/** Version of the snapshot's layout. */
export const SNAPSHOT_FORMAT = 1;

const MAGIC = 0x4c_55_4d_31;
const CUSTOMER_OFFSET = 3;
const TERMINAL_OFFSET = 9;

/**
 * The feature state of a stream and the features of its transactions: the one definition that training and the live service share.
 *
 * A deterministic fold in one pass, by event time, with no clock and no I/O. For every transaction: `fold` it, then `read` its features.
 * Labels count from the moment they are folded. What is older than 38 days, by the event times of its own entity, is forgotten; an entity
 * without events in the last 38 days of the whole stream is forgotten altogether.
 */
export class FeatureKernel {
  readonly customers: CustomerState;
  readonly terminals: TerminalState;
  #newestMs: number;

  constructor(customers = new CustomerState(), terminals = new TerminalState(), newestMs = -Infinity) {
    this.customers = customers;
    this.terminals = terminals;
    this.#newestMs = newestMs;
  }

  /** The latest event time folded; -Infinity before the first. */
  get newestMs(): number {
    return this.#newestMs;
  }

  /** Takes a transaction in. The outcome is that of its customer. */
  fold(event: FeatureEvent): FoldOutcome {
    const { terminal, timeMs } = event;
    if (timeMs > this.#newestMs) {
      const newDay = Math.floor(timeMs / DAY_MS) > Math.floor(this.#newestMs / DAY_MS);
      this.#newestMs = timeMs;
      if (newDay) this.#forgetIdle();
    }
    if (terminal !== null) this.terminals.fold({ terminal, id: event.id, timeMs });
    return this.customers.fold(event);
  }

  foldLabel(label: TerminalLabel): LabelOutcome {
    return this.terminals.foldLabel(label);
  }

  /** Writes the feature vector of a transaction that was folded to `out` from `offset` on: `FEATURE_COUNT` numbers in the order of `FEATURES`. */
  read(event: FeatureEvent, out: Float64Array, offset = 0): void {
    writeCalendarFeatures(event.timeMs, out, offset + 1);
    out[offset] = this.customers.read(event, out, offset + CUSTOMER_OFFSET);
    if (event.terminal !== null) this.terminals.read(event.terminal, event.timeMs, out, offset + TERMINAL_OFFSET);
    else out.fill(0, offset + TERMINAL_OFFSET, offset + FEATURE_COUNT);
  }

  /** The whole state as bytes, from which `fromBytes` makes an equal one. */
  toBytes(): Buffer {
    const writer = new ByteWriter();
    writer.u32(MAGIC);
    writer.u32(SNAPSHOT_FORMAT);
    writer.text(FEATURE_SET);
    writer.f64(this.#newestMs);
    this.customers.writeTo(writer);
    this.terminals.writeTo(writer);
    writer.u32(crc32(writer.bytes()));
    return writer.bytes();
  }

  /** Throws `SnapshotUnreadable`. */
  static fromBytes(bytes: Buffer): FeatureKernel {
    if (bytes.length < 16) throw new SnapshotUnreadable('too short');
    const body = bytes.subarray(0, -4);
    const reader = new ByteReader(body);
    if (reader.u32() !== MAGIC) throw new SnapshotUnreadable('no snapshot of feature state');
    const format = reader.u32();
    if (format !== SNAPSHOT_FORMAT) throw new SnapshotUnreadable(`format ${format}, not ${SNAPSHOT_FORMAT}`);
    if (crc32(body) !== bytes.readUInt32LE(body.length)) throw new SnapshotUnreadable('checksum does not match');
    const featureSet = reader.text();
    if (featureSet !== FEATURE_SET) throw new SnapshotUnreadable(`feature set ${featureSet}, not ${FEATURE_SET}`);
    const newestMs = reader.f64();
    const kernel = new FeatureKernel(CustomerState.readFrom(reader), TerminalState.readFrom(reader), newestMs);
    if (!reader.atEnd) throw new SnapshotUnreadable('longer than its content');
    return kernel;
  }

  #forgetIdle(): void {
    this.customers.forgetIdle(this.#newestMs - RETENTION_MS);
    this.terminals.forgetIdle(this.#newestMs - RETENTION_MS);
  }
}
