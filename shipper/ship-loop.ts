import type { BoundedLog } from '@trancendos/platform/bounded-log';
import { nowMs, pause, toInstant } from '@trancendos/platform/clock';
import type { Logger } from '@trancendos/platform/log';
import { metrics } from '@trancendos/platform/metrics';
import type { Resource } from '@trancendos/platform/run';
import type { Refused, Send } from './bulk-sender.ts';
import { documentOfLine, type LogDocument } from './document-of-line.ts';
import type { Positions } from './keep-positions.ts';
import type { FileChunk, LogFiles } from './log-files.ts';

export interface ShipLoopOptions {
  readonly files: Pick<LogFiles, 'read' | 'measureSpool'>;
  readonly positions: Positions;
  /** Makes the server ready for documents; throws while it is away. */
  readonly prepare: () => Promise<void>;
  readonly send: Send;
  readonly deadLetters: Pick<BoundedLog, 'write' | 'close'>;
  readonly linesMax: number;
  readonly log: Logger;
}

const LOOK_EVERY_MS = 250;
const RETRY_FIRST_MS = 250;
const RETRY_MOST_MS = 10_000;
const MEASURE_EVERY_MS = 1_000;

/**
 * Reads, sends, notes the position, and begins again: one bulk request at a time, and nothing is read while one has not succeeded, so memory
 * holds one batch and the files hold the rest. A position is noted only when the server has everything before it; what is sent again after a
 * crash has the same ids.
 */
export class ShipLoop implements Resource {
  readonly #options: ShipLoopOptions;
  readonly #end = new AbortController();
  #running: Promise<void> | undefined;
  #measureTimer: NodeJS.Timeout | undefined;
  #isPrepared = false;
  /** When the oldest line that is read and not shipped was written. */
  #oldestAtMs: number | undefined;

  constructor(options: ShipLoopOptions) {
    this.#options = options;
  }

  start(): void {
    this.#measureTimer = setInterval(() => this.#measure(), MEASURE_EVERY_MS).unref();
    this.#running = this.#run();
  }

  async stop(): Promise<void> {
    this.#end.abort();
    clearInterval(this.#measureTimer);
    await this.#running;
    this.#options.deadLetters.close();
  }

  async #run(): Promise<void> {
    const { signal } = this.#end;
    while (!signal.aborted) {
      const chunks = await this.#options.files.read(this.#options.linesMax);
      if (chunks.length === 0) {
        this.#oldestAtMs = undefined;
        await pause(LOOK_EVERY_MS, signal);
      } else await this.#ship(chunks);
    }
  }

  /** Gives up only when the shipper stops: the lines are still in their files then. */
  async #ship(chunks: readonly FileChunk[]): Promise<void> {
    const { signal } = this.#end;
    const documents = documentsOf(chunks);
    this.#oldestAtMs = documents.reduce((oldest, { body }) => Math.min(oldest, Date.parse(body['@timestamp'])), nowMs());
    for (let failures = 0; !signal.aborted; failures++) {
      try {
        await this.#prepareOnce();
        this.#bury(await this.#options.send(documents));
        await this.#note(chunks, documents);
        if (failures > 0) this.#options.log.info({ messages: documents.length }, 'logs are shipped again');
        return;
      } catch (error) {
        if (failures === 0) this.#options.log.warn({ err: error }, 'logs wait in their files: Elasticsearch does not take them');
        this.#isPrepared = false; // whoever comes back may be another server
        metrics.logShipRetries.inc();
        await pause(Math.min(RETRY_FIRST_MS * 2 ** Math.min(failures, 10), RETRY_MOST_MS), signal);
      }
    }
  }

  async #prepareOnce(): Promise<void> {
    if (this.#isPrepared) return;
    await this.#options.prepare();
    this.#isPrepared = true;
  }

  /** What the server will never take is kept aside, so that it holds up nothing. */
  #bury(refused: readonly Refused[]): void {
    for (const { document, status, reason } of refused) {
      const letter = { at: toInstant(nowMs()), status, reason, id: document.id, service: document.service, document: document.body };
      this.#options.deadLetters.write(Buffer.from(`${JSON.stringify(letter)}\n`));
      metrics.logDead.inc({ service: document.service });
    }
  }

  async #note(chunks: readonly FileChunk[], documents: readonly LogDocument[]): Promise<void> {
    const { positions } = this.#options;
    for (const { file, endBytes } of chunks) {
      const position = positions.of.get(file);
      if (position) positions.of.set(file, { ...position, shippedBytes: endBytes });
    }
    await positions.save();
    for (const { service } of documents) metrics.logShipped.inc({ service });
  }

  #measure(): void {
    void this.#options.files.measureSpool();
    metrics.logShipLagSeconds.set(this.#oldestAtMs === undefined ? 0 : Math.max(0, nowMs() - this.#oldestAtMs) / 1000);
  }
}

/** A line that says no time gets that of the line before it in its file. */
function documentsOf(chunks: readonly FileChunk[]): LogDocument[] {
  return chunks.flatMap(({ lines }) => {
    let at = toInstant(nowMs());
    return lines.map((line) => {
      const document = documentOfLine(line, at);
      at = document.body['@timestamp'];
      return document;
    });
  });
}
