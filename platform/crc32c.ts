/** CRC-32C (Castagnoli, RFC 3720 appendix B.4), reflected polynomial. */
const POLYNOMIAL = 0x82f63b78;
const LANES = 8;

/** Table `lane` says what a byte does to the checksum when `lane` bytes follow it (Kounavis and Berry 2005, "slicing by 8"). */
const TABLES = makeTables();

function makeTables(): Int32Array {
  const tables = new Int32Array(LANES * 256);
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ POLYNOMIAL : crc >>> 1;
    tables[byte] = crc;
  }
  for (let place = 256; place < tables.length; place++) {
    const before = tables[place - 256] as number;
    tables[place] = (before >>> 8) ^ (tables[before & 255] as number);
  }
  return tables;
}

/** The CRC-32C of `bytes` from `start` up to `end`, as an unsigned number of 32 bits. */
export function crc32c(bytes: Uint8Array, start = 0, end = bytes.length): number {
  const t = TABLES;
  let crc = -1;
  let place = start;
  for (const last = end - LANES; place <= last; place += LANES) {
    crc ^= at(bytes, place) | (at(bytes, place + 1) << 8) | (at(bytes, place + 2) << 16) | (at(bytes, place + 3) << 24);
    crc =
      at(t, 1792 + (crc & 255)) ^
      at(t, 1536 + ((crc >>> 8) & 255)) ^
      at(t, 1280 + ((crc >>> 16) & 255)) ^
      at(t, 1024 + (crc >>> 24)) ^
      at(t, 768 + at(bytes, place + 4)) ^
      at(t, 512 + at(bytes, place + 5)) ^
      at(t, 256 + at(bytes, place + 6)) ^
      at(t, at(bytes, place + 7));
  }
  for (; place < end; place++) crc = at(t, (crc ^ at(bytes, place)) & 255) ^ (crc >>> 8);
  return (crc ^ -1) >>> 0;
}

/** Within bounds, which the compiler cannot know. */
const at = (array: Int32Array | Uint8Array, place: number): number => array[place] as number;
