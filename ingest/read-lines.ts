/** One line of a stream, counted from 1; `bytes` is undefined where the line is longer than allowed. */
export interface Line {
  readonly number: number;
  readonly bytes: Uint8Array | undefined;
}

const NEWLINE = 0x0a;

/**
 * Splits a stream into lines without ever holding more than one chunk and one line of at most `lineMax` bytes. Empty lines are counted and
 * left out. Yields what each chunk completes, so its reader sets the pace.
 */
export async function* readLines(chunks: AsyncIterable<Uint8Array>, lineMax: number): AsyncGenerator<Line[]> {
  const splitter = new LineSplitter(lineMax);
  for await (const chunk of chunks) yield splitter.take(chunk);
  yield splitter.finish();
}

class LineSplitter {
  readonly #lineMax: number;
  #parts: Uint8Array[] = [];
  #length = 0;
  #number = 0;

  constructor(lineMax: number) {
    this.#lineMax = lineMax;
  }

  take(chunk: Uint8Array): Line[] {
    const lines: Line[] = [];
    let from = 0;
    for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, from)) {
      this.#append(chunk.subarray(from, at));
      this.#complete(lines);
      from = at + 1;
    }
    this.#append(chunk.subarray(from));
    return lines;
  }

  finish(): Line[] {
    const lines: Line[] = [];
    if (this.#length > 0) this.#complete(lines);
    return lines;
  }

  #append(part: Uint8Array): void {
    if (part.length === 0) return;
    this.#length += part.length;
    if (this.#length > this.#lineMax) this.#parts = [];
    else this.#parts.push(part);
  }

  #complete(lines: Line[]): void {
    this.#number++;
    if (this.#length > this.#lineMax) lines.push({ number: this.#number, bytes: undefined });
    else {
      const bytes = this.#parts.length === 1 ? this.#parts[0] : Buffer.concat(this.#parts, this.#length);
      if (bytes && !isBlank(bytes)) lines.push({ number: this.#number, bytes });
    }
    this.#parts = [];
    this.#length = 0;
  }
}

function isBlank(bytes: Uint8Array): boolean {
  return bytes.length === 0 || (bytes.length === 1 && bytes[0] === 0x0d);
}
