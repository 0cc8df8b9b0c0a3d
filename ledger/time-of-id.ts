/** The milliseconds since the epoch that an id begins with: a UUID of version 7 or 8 (RFC 9562, 5.7 and 5.8), with or without its prefix. */
export function timeOfId(id: string): number {
  const start = id.indexOf('_') + 1;
  return parseInt(id.slice(start, start + 8), 16) * 0x1_0000 + parseInt(id.slice(start + 9, start + 13), 16);
}
