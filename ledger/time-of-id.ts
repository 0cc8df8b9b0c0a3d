/** Of the time, in hexadecimal digits: eight before the first dash and four behind it. */
const DIGITS = 12;
const DASH = 0x2d;

/** The milliseconds since the epoch that an id begins with: a UUID of version 7 or 8 (RFC 9562, 5.7 and 5.8), with or without its prefix. */
export function timeOfId(id: string): number {
  let timeMs = 0;
  let index = id.indexOf('_') + 1;
  for (let digits = 0; digits < DIGITS; index++) {
    const code = id.charCodeAt(index);
    if (code === DASH) continue;
    timeMs = timeMs * 16 + (code < 0x3a ? code - 0x30 : code - 0x57);
    digits++;
  }
  return timeMs;
}
