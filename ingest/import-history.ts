import type { HistoryAnswer, HistoryProgress } from '@trancendos/contracts/http';
import { HistoryRecord, type HistoryTransaction } from '@trancendos/contracts/transaction';
import { toInstant } from '@trancendos/platform/clock';
import { isTransient } from '@trancendos/platform/postgres';
import { PublishError } from '@trancendos/platform/publish';
import { checkEventTime } from './check-event-time.ts';
import type { GroupCommit } from './group-commit.ts';
import { readBody } from './read-body.ts';
import { readLines, type Line } from './read-lines.ts';
import { ADVICE, type Refusal } from './refusal.ts';
import { jsonReply, problemReply, type Reply } from './reply.ts';
import type { HistoryBatch } from './store-history.ts';

export interface HistoryParts {
  /** Stores the batches of all imports, few at a time, so that payments never queue behind many of them. */
  readonly historyBatches: Pick<GroupCommit<HistoryBatch, 'stored'>, 'add'>;
  readonly maxEventAgeDays: number;
  /** Aborted when the service stops: an import is then cut off, to be sent again. */
  readonly stopping: AbortSignal;
}

export interface HistoryRequest {
  readonly merchantId: string;
  readonly requestId: string;
  readonly arrivedAtMs: number;
  readonly body: AsyncIterable<Uint8Array>;
  /** Told how far it is whenever more has been taken. */
  readonly onProgress?: (progress: HistoryProgress) => void;
}

const LINES_MAX = 200_000;
const LINE_BYTES_MAX = 65_536;
const BATCH_MAX = 500;
const ERRORS_MAX = 100;
const LINE_TOO_LONG: Refusal = { refused: 'body_too_large', detail: 'A line holds at most 64 kB.' };
const TOO_MANY_LINES: Refusal = {
  refused: 'body_too_large',
  detail: `A request holds at most ${LINES_MAX} lines; send the rest in another.`,
};

/**
 * `POST /v1/history`: takes past transactions, one JSON object a line, checks each, and publishes the good ones in order.
 *
 * Holds two batches at a time however long the body is; the sender is slowed down to what database and broker take. A record whose id is
 * known already counts as accepted and is not published again, so an import that was cut off is simply repeated.
 */
export async function importHistory(parts: HistoryParts, request: HistoryRequest): Promise<Reply> {
  const run = new HistoryImport(parts, request);
  try {
    for await (const lines of readLines(request.body, LINE_BYTES_MAX)) await run.take(lines);
    const answer = await run.finish();
    return jsonReply(200, JSON.stringify(answer));
  } catch (error) {
    if (!(error instanceof PublishError) && !isTransient(error)) throw error;
    return problemReply(
      { refused: 'unavailable', detail: 'Wait for Retry-After seconds and send the same body again: what was taken is not taken twice.' },
      request.requestId,
    );
  }
}

class HistoryImport {
  readonly #parts: HistoryParts;
  readonly #request: HistoryRequest;
  readonly #errors: HistoryAnswer['errors'] = [];
  #accepted = 0;
  #rejected = 0;
  #batch: HistoryTransaction[] = [];
  /** The batch that is being stored while the next one is read. */
  #storing: Promise<void> = Promise.resolve();

  constructor(parts: HistoryParts, request: HistoryRequest) {
    this.#parts = parts;
    this.#request = request;
  }

  async take(lines: readonly Line[]): Promise<void> {
    for (const line of lines) {
      this.#takeLine(line);
      if (this.#batch.length >= BATCH_MAX) await this.#flush();
    }
  }

  async finish(): Promise<HistoryAnswer> {
    await this.#flush();
    await this.#storing;
    return { accepted: this.#accepted, rejected: this.#rejected, errors: this.#errors, request_id: this.#request.requestId };
  }

  #takeLine(line: Line): void {
    const record = line.number > LINES_MAX ? TOO_MANY_LINES : line.bytes ? this.#read(line.bytes) : LINE_TOO_LONG;
    if ('refused' in record) {
      this.#reject(line.number, record);
      return;
    }
    const { merchantId, requestId, arrivedAtMs } = this.#request;
    this.#batch.push({ kind: 'history', ...record, merchant_id: merchantId, request_id: requestId, received_at: toInstant(arrivedAtMs) });
  }

  #read(bytes: Uint8Array): HistoryRecord | Refusal {
    const body = readBody(HistoryRecord, bytes);
    if ('refused' in body) return body;
    const { occurred_at, label } = body.read;
    const limits = { nowMs: this.#request.arrivedAtMs, maxAgeDays: this.#parts.maxEventAgeDays };
    const untimely =
      checkEventTime(occurred_at, '/occurred_at', limits) ?? (label && checkEventTime(label.known_at, '/label/known_at', limits));
    if (untimely) return untimely;
    return body.read;
  }

  #reject(line: number, refusal: Refusal): void {
    this.#rejected++;
    if (this.#errors.length === ERRORS_MAX) return;
    const [misfit] = refusal.misfits ?? [];
    this.#errors.push({
      line,
      code: refusal.refused,
      pointer: misfit?.pointer ?? '',
      detail: misfit?.detail ?? refusal.detail ?? ADVICE[refusal.refused],
    });
  }

  /** Waits for the batch before, so that at most two are held and their order in the event log is that of the lines. */
  async #flush(): Promise<void> {
    await this.#storing;
    if (this.#parts.stopping.aborted) throw new PublishError('stopped');
    const batch = this.#batch;
    this.#batch = [];
    if (batch.length === 0) return;
    const storing = this.#parts.historyBatches.add(batch);
    if (!storing) throw new PublishError('queue_full');
    this.#storing = storing.then(() => {
      this.#accepted += batch.length;
      this.#request.onProgress?.({ status: 'importing', accepted: this.#accepted, rejected: this.#rejected });
    });
    this.#storing.catch(() => undefined); // told where it is awaited
  }
}
