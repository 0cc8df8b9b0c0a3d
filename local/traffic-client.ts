import type { HistoryAnswer, TransactionAnswer } from '@trancendos/contracts/http';
import type { LabelRequest } from '@trancendos/contracts/label';
import { Pool, type Dispatcher } from 'undici';
import type { DemoMerchant } from './traffic-keys.ts';
import { rest } from './traffic-pace.ts';

/** What the API said. `refused`: it never will take it; `stopped`: the sender was stopped while it tried. */
export type Answered<T> =
  { readonly kind: 'ok'; readonly answer: T } | { readonly kind: 'refused'; readonly code: string } | { readonly kind: 'stopped' };

export interface TrafficClientOptions {
  /** `http://host:port` of the merchant API. */
  readonly api: string;
  /** Aborted when the sender is to stop: what waits for another try gives up. */
  readonly signal: AbortSignal;
  readonly onRetry: () => void;
}

/** More than rate times latency, or the open loop is none. */
const CONNECTIONS = 256;
const ANSWER_TIMEOUT_MS = 15_000;
/** A history request lasts as long as its lines do. */
const HISTORY_TIMEOUT_MS = 300_000;
const RETRY_FIRST_MS = 250;
const RETRY_MOST_MS = 5_000;

interface Call {
  readonly path: string;
  readonly merchant: DemoMerchant;
  readonly contentType: string;
  readonly body: string;
  readonly idempotencyKey?: string;
  readonly timeoutMs: number;
}

/** Talks to the merchant API as a careful merchant does: every request can be repeated, and is until it is answered or the sender stops. */
export class TrafficClient {
  readonly #options: TrafficClientOptions;
  readonly #pool: Pool;

  constructor(options: TrafficClientOptions) {
    this.#options = options;
    this.#pool = new Pool(options.api, { connections: CONNECTIONS, pipelining: 1 });
  }

  transaction(merchant: DemoMerchant, request: { readonly transaction_id: string }): Promise<Answered<TransactionAnswer>> {
    const body = JSON.stringify(request);
    const idempotencyKey = request.transaction_id;
    return this.#untilAnswered({
      path: '/v1/transactions',
      merchant,
      contentType: 'application/json',
      body,
      idempotencyKey,
      timeoutMs: ANSWER_TIMEOUT_MS,
    });
  }

  label(merchant: DemoMerchant, label: LabelRequest): Promise<Answered<unknown>> {
    const body = JSON.stringify(label);
    return this.#untilAnswered({ path: '/v1/labels', merchant, contentType: 'application/json', body, timeoutMs: ANSWER_TIMEOUT_MS });
  }

  /** Sends records of history, one a line. */
  history(merchant: DemoMerchant, records: readonly unknown[]): Promise<Answered<HistoryAnswer>> {
    const body = records.map((record) => JSON.stringify(record)).join('\n');
    return this.#untilAnswered({ path: '/v1/history', merchant, contentType: 'application/x-ndjson', body, timeoutMs: HISTORY_TIMEOUT_MS });
  }

  async close(): Promise<void> {
    await this.#pool.destroy();
  }

  async #untilAnswered<T>(call: Call): Promise<Answered<T>> {
    const { signal, onRetry } = this.#options;
    for (let delayMs = RETRY_FIRST_MS; ; delayMs = Math.min(delayMs * 2, RETRY_MOST_MS)) {
      const answered = await this.#call<T>(call);
      if (answered) return answered;
      if (signal.aborted) return { kind: 'stopped' };
      onRetry();
      await rest(delayMs * (0.5 + Math.random() / 2), signal);
    }
  }

  /** Undefined when the request may be repeated: the platform is away, or too busy. */
  async #call<T>(call: Call): Promise<Answered<T> | undefined> {
    try {
      const response = await this.#pool.request(requestOptionsOf(call));
      const answer = (await response.body.json()) as T & { code?: string };
      if (response.statusCode < 300) return { kind: 'ok', answer };
      if (response.statusCode >= 500) return undefined;
      return { kind: 'refused', code: answer.code ?? String(response.statusCode) };
    } catch {
      return undefined; // no connection, or one that broke
    }
  }
}

function requestOptionsOf(call: Call): Dispatcher.RequestOptions {
  return {
    method: 'POST',
    path: call.path,
    headers: {
      authorization: `Bearer ${call.merchant.apiKey}`,
      'content-type': call.contentType,
      ...(call.idempotencyKey === undefined ? {} : { 'idempotency-key': call.idempotencyKey }),
    },
    body: call.body,
    headersTimeout: call.timeoutMs,
    bodyTimeout: call.timeoutMs,
  };
}
