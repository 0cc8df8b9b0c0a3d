import { createHash } from 'node:crypto';

/** A body that is longer than a file may be. */
export class BodyTooLargeError extends Error {
  override readonly name = 'BodyTooLargeError';
}

/** A body as text while it arrives; its SHA-256 when it has ended. Throws `BodyTooLargeError`, or `TypeError` where it is not UTF-8. */
export class HashedBody implements AsyncIterable<string> {
  readonly #chunks: AsyncIterable<Uint8Array>;
  readonly #bytesMax: number;
  readonly #hash = createHash('sha256');

  constructor(chunks: AsyncIterable<Uint8Array>, bytesMax: number) {
    this.#chunks = chunks;
    this.#bytesMax = bytesMax;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<string> {
    const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
    let bytes = 0;
    for await (const chunk of this.#chunks) {
      bytes += chunk.length;
      if (bytes > this.#bytesMax) throw new BodyTooLargeError(`more than ${this.#bytesMax} bytes`);
      this.#hash.update(chunk);
      yield decoder.decode(chunk, { stream: true });
    }
    yield decoder.decode();
  }

  /** To be asked once, after the body has been read. */
  digest(): Buffer {
    return this.#hash.digest();
  }
}
