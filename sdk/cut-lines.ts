/** Of one request. */
export interface LineLimits {
  readonly linesMax: number;
  readonly bytesMax: number;
}

/** What goes out in one request: objects as JSON, one a line. */
export interface Lines {
  /** How many went out before. */
  readonly before: number;
  readonly lines: readonly string[];
}

const encoder = new TextEncoder();

/** Cuts a long list, or a stream, into what a request may hold. Takes no more of it than goes out next. */
export async function* cutLines(items: Iterable<unknown> | AsyncIterable<unknown>, limits: LineLimits): AsyncGenerator<Lines> {
  let before = 0;
  let lines: string[] = [];
  let bytes = 0;
  for await (const item of items) {
    const line = JSON.stringify(item);
    const length = encoder.encode(line).length + 1;
    if (lines.length === limits.linesMax || (lines.length > 0 && bytes + length > limits.bytesMax)) {
      yield { before, lines };
      before += lines.length;
      [lines, bytes] = [[], 0];
    }
    lines.push(line);
    bytes += length;
  }
  if (lines.length > 0) yield { before, lines };
}
