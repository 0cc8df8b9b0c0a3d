/**
 * Columns as PostgreSQL's binary arrays (`array_recv` in its sources: dimensions, flags, element type, length, lower bound, then a length
 * and the bytes of every element). Text would have to be written digit by digit here and read digit by digit there, and a batch has tens of
 * thousands of numbers.
 */
const EMPTY_BYTES = 12;
const HEADER_BYTES = 20;
const NULL = -1;
/** PostgreSQL counts from 2000-01-01, in microseconds. */
const POSTGRES_EPOCH_MS = 946_684_800_000;
const OID = { smallint: 21, int: 23, bigint: 20, timestamptz: 1184, uuid: 2950 } as const;
const TWO_32 = 0x1_0000_0000;
const DASH = 0x2d;

type Pick<T, V> = (item: T) => V | null;

export function bigintColumn<T>(items: readonly T[], pick: Pick<T, bigint | number>): Buffer {
  // Most columns are of this kind, so it has a loop of its own: a DataView writes a BigInt at once, where a Buffer divides it.
  const buffer = openColumn(items.length, OID.bigint, 8);
  const view = new DataView(buffer.buffer, buffer.byteOffset, buffer.byteLength);
  let place = HEADER_BYTES;
  for (const item of items) {
    const value = pick(item);
    if (value === null) {
      view.setInt32(place, NULL);
      place += 4;
      continue;
    }
    view.setInt32(place, 8);
    if (typeof value === 'bigint') view.setBigInt64(place + 4, value);
    else {
      const high = Math.floor(value / TWO_32);
      view.setInt32(place + 4, high);
      view.setUint32(place + 8, value - high * TWO_32);
    }
    place += 12;
  }
  return items.length === 0 ? buffer : buffer.subarray(0, place);
}

/** Milliseconds since the epoch as timestamps. */
export function timestampColumn<T>(items: readonly T[], pick: Pick<T, number>): Buffer {
  return encode(items, OID.timestamptz, 8, (buffer, place, item) => {
    const value = pick(item);
    if (value === null) return false;
    writeInstant(buffer, place, value);
    return true;
  });
}

export function intColumn<T>(items: readonly T[], pick: Pick<T, number>): Buffer {
  return encode(items, OID.int, 4, (buffer, place, item) => {
    const value = pick(item);
    if (value === null) return false;
    buffer.writeInt32BE(value, place);
    return true;
  });
}

export function smallintColumn<T>(items: readonly T[], pick: Pick<T, number>): Buffer {
  return encode(items, OID.smallint, 2, (buffer, place, item) => {
    const value = pick(item);
    if (value === null) return false;
    buffer.writeInt16BE(value, place);
    return true;
  });
}

/** Ids with a prefix, as the UUIDs that they are without it. */
export function uuidColumn<T>(items: readonly T[], pick: Pick<T, string>): Buffer {
  return encode(items, OID.uuid, 16, (buffer, place, item) => {
    const id = pick(item);
    if (id === null) return false;
    writeUuid(buffer, place, id);
    return true;
  });
}

const ESCAPED = /["\\]/;

/** Texts as the text of an array (PostgreSQL manual, 8.15.2). */
export function textColumn<T>(items: readonly T[], pick: Pick<T, string>): string {
  let text = '{';
  for (const [index, item] of items.entries()) {
    if (index > 0) text += ',';
    const value = pick(item);
    text += value === null ? 'NULL' : `"${ESCAPED.test(value) ? value.replaceAll(/["\\]/g, '\\$&') : value}"`;
  }
  return text + '}';
}

/** `write` puts an item's bytes there, or returns false where it is null. */
function encode<T>(items: readonly T[], oid: number, bytes: number, write: (buffer: Buffer, place: number, item: T) => boolean): Buffer {
  const buffer = openColumn(items.length, oid, bytes);
  let place = HEADER_BYTES;
  for (const item of items) {
    const isThere = write(buffer, place + 4, item);
    buffer.writeInt32BE(isThere ? bytes : NULL, place);
    place += isThere ? 4 + bytes : 4;
  }
  return items.length === 0 ? buffer : buffer.subarray(0, place);
}

/** The bytes of a column with its header: of one dimension, or of none where it is empty. */
function openColumn(length: number, oid: number, bytes: number): Buffer {
  const buffer = Buffer.allocUnsafe(length === 0 ? EMPTY_BYTES : HEADER_BYTES + length * (4 + bytes));
  buffer.writeInt32BE(length === 0 ? 0 : 1, 0);
  buffer.writeInt32BE(0, 4);
  buffer.writeInt32BE(oid, 8);
  if (length === 0) return buffer;
  buffer.writeInt32BE(length, 12);
  buffer.writeInt32BE(1, 16);
  return buffer;
}

/** In microseconds, which outgrow what a number holds exactly some 285 years from 2000. */
function writeInstant(buffer: Buffer, place: number, epochMs: number): void {
  const micros = Math.round((epochMs - POSTGRES_EPOCH_MS) * 1000);
  if (!Number.isSafeInteger(micros)) {
    buffer.writeBigInt64BE(BigInt(Math.round(epochMs) - POSTGRES_EPOCH_MS) * 1000n, place);
    return;
  }
  const high = Math.floor(micros / TWO_32);
  buffer.writeInt32BE(high, place);
  buffer.writeUInt32BE(micros - high * TWO_32, place + 4);
}

/** The last 36 characters, without the four dashes. */
function writeUuid(buffer: Buffer, place: number, id: string): void {
  let at = place;
  for (let index = id.length - 36; index < id.length;) {
    if (id.charCodeAt(index) === DASH) {
      index++;
      continue;
    }
    buffer[at++] = (nibble(id.charCodeAt(index)) << 4) | nibble(id.charCodeAt(index + 1));
    index += 2;
  }
}

/** The value of a hexadecimal digit in lower case. */
function nibble(code: number): number {
  return code < 0x3a ? code - 0x30 : code - 0x57;
}
