const QUOTE = 0x22;
const COLON = 0x3a;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const MINUS = 0x2d;

/**
 * Whether a valid JSON text, of which `value` was made, says everything as it stands there: no escape, no field twice, no `__proto__`, at
 * most `depthMax` levels, and no number that is whole only after it was rounded. A quick look, right for nearly every request: what it does
 * not find plain may still be so.
 */
export function isPlainJson(text: string, value: unknown, depthMax: number): boolean {
  if (text.includes('\\') || text.includes('__proto__')) return false;
  const fields = countWritten(text, depthMax);
  // Of a field that is there twice the value has one.
  return fields !== undefined && fields === countFields(value);
}

/** How many fields the text has; undefined where it is too deep, or has a number that needs a closer look. */
function countWritten(text: string, depthMax: number): number | undefined {
  let fields = 0;
  let depth = 0;
  for (let place = 0; place < text.length; place++) {
    const code = text.charCodeAt(place);
    if (code === QUOTE) place = text.indexOf('"', place + 1);
    else if (code === COLON) fields++;
    else if (code === OPEN_OBJECT || code === OPEN_ARRAY) {
      if (++depth > depthMax) return undefined;
    } else if (code === CLOSE_OBJECT || code === CLOSE_ARRAY) depth--;
    else if (code === MINUS || isDigit(code)) {
      const end = endOfNumber(text, place);
      if (isRoundedPerhaps(text, place, end)) return undefined;
      place = end - 1;
    }
  }
  return fields;
}

function endOfNumber(text: string, start: number): number {
  let end = start + 1;
  while (end < text.length && isOfNumber(text.charCodeAt(end))) end++;
  return end;
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

/** Digits, and `+-.eE`. */
function isOfNumber(code: number): boolean {
  return isDigit(code) || code === 0x2e || code === 0x65 || code === 0x45 || code === 0x2b || code === MINUS;
}

/** Whether a number is written with a fraction or an exponent and is whole all the same. */
function isRoundedPerhaps(text: string, start: number, end: number): boolean {
  for (let place = start; place < end; place++) {
    const code = text.charCodeAt(place);
    if (!isDigit(code) && code !== MINUS) return Number.isInteger(Number(text.slice(start, end)));
  }
  return false;
}

function countFields(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  let fields = 0;
  if (Array.isArray(value)) for (const item of value) fields += countFields(item);
  else for (const name in value) fields += 1 + countFields((value as Record<string, unknown>)[name]);
  return fields;
}
