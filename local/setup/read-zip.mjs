import { inflateRawSync } from 'node:zlib';

const END_OF_DIRECTORY = 0x06054b50;
const DIRECTORY_ENTRY = 0x02014b50;
const DEFLATED = 8;

/**
 * The contents of the first file in a zip archive whose name matches, or undefined.
 * Enough of the format for a jar (PKWARE APPNOTE 4.3): one volume, stored or deflated, no encryption, below 4 GB.
 */
export function readZipEntry(archive, matching) {
  for (const entry of directoryOf(archive)) if (matching.test(entry.name)) return contentsOf(archive, entry);
  return undefined;
}

function* directoryOf(archive) {
  let end = archive.length - 22;
  while (end >= 0 && archive.readUInt32LE(end) !== END_OF_DIRECTORY) end--;
  if (end < 0) throw new Error('not a zip archive');
  let at = archive.readUInt32LE(end + 16);
  while (at < end && archive.readUInt32LE(at) === DIRECTORY_ENTRY) {
    const nameLength = archive.readUInt16LE(at + 28);
    yield {
      name: archive.toString('utf8', at + 46, at + 46 + nameLength),
      method: archive.readUInt16LE(at + 10),
      compressedSize: archive.readUInt32LE(at + 20),
      localHeader: archive.readUInt32LE(at + 42),
    };
    at += 46 + nameLength + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32);
  }
}

function contentsOf(archive, { method, compressedSize, localHeader }) {
  const begin = localHeader + 30 + archive.readUInt16LE(localHeader + 26) + archive.readUInt16LE(localHeader + 28);
  const packed = archive.subarray(begin, begin + compressedSize);
  return method === DEFLATED ? inflateRawSync(packed) : packed;
}
