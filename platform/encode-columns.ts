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
const OID = { boolean: 16, bytea: 17, bigint: 20, smallint: 21, int: 23, text: 25, json: 114, timestamptz: 1184, uuid: 2950 } as const;
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

export function booleanColumn<T>(items: readonly T[], pick: Pick<T, boolean>): Buffer {
  return encode(items, OID.boolean, 1, (buffer, place, item) => {
    const value = pick(item);
    if (value === null) return false;
    buffer[place] = value ? 1 : 0;
    return true;
  });
}

/** Texts as they are: written as the text of an array, every quote in them would be escaped here and unescaped there. */
export function textColumn<T>(items: readonly T[], pick: Pick<T, string>): Buffer {
  return encodeTexts(items.map(pick), OID.text);
}

/** JSON that is text already. */
export function jsonColumn<T>(items: readonly T[], pick: Pick<T, string>): Buffer {
  return encodeTexts(items.map(pick), OID.json);
}

export function bytesColumn<T>(items: readonly T[], pick: (item: T) => Buffer): Buffer {
  const values = items.map(pick);
  const bytes = values.reduce((sum, value) => sum + value.length, 0);
  const buffer = openColumn(items.length, OID.bytea, 0, bytes);
  let place = HEADER_BYTES;
  for (const value of values) {
    buffer.writeInt32BE(value.length, place);
    place += 4 + value.copy(buffer, place + 4);
  }
  return buffer;
}

function encodeTexts(values: readonly (string | null)[], oid: number): Buffer {
  // No character takes more than three bytes; what is left over is cut off, which copies nothing.
  const bytes = values.reduce((sum, value) => sum + 3 * (value?.length ?? 0), 0);
  const buffer = openColumn(values.length, oid, 0, bytes);
  let place = HEADER_BYTES;
  for (const value of values) {
    const length = value === null ? 0 : buffer.write(value, place + 4);
    buffer.writeInt32BE(value === null ? NULL : length, place);
    place += 4 + length;
  }
  return values.length === 0 ? buffer : buffer.subarray(0, place);
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

/** A column with its header, of one dimension, or of none where it is empty: `bytes` for each element, and `more` for all of them. */
function openColumn(length: number, oid: number, bytes: number, more = 0): Buffer {
  const buffer = Buffer.allocUnsafe(length === 0 ? EMPTY_BYTES : HEADER_BYTES + length * (4 + bytes) + more);
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
