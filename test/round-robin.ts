import { Pool, type Dispatcher } from 'undici';

/** What came of the requests so far. */
export interface RoundRobinReport {
  readonly requests: number;
  /** What went wrong with each that failed: no answer, or an error. */
  readonly failures: readonly string[];
  readonly maxMs: number;
}

/** A proxy in small: requests go to the instances in turn, each once; what fails has failed. */
export class RoundRobin {
  readonly #pools: readonly Pool[];
  readonly #out = new Set<number>();
  readonly #inFlight = new Set<Promise<unknown>>();
  #next = 0;
  #requests = 0;
  #failures: string[] = [];
  #maxMs = 0;

  constructor(urls: readonly string[]) {
    this.#pools = urls.map((url) => new Pool(url, { connections: 128, pipelining: 1 }));
  }

  /** Resolves with the status of the answer, or with undefined when the request has failed; never rejects. */
  ask(options: Omit<Dispatcher.RequestOptions, 'origin'>): Promise<number | undefined> {
    const asked = this.#ask(options);
    this.#inFlight.add(asked);
    return asked.finally(() => this.#inFlight.delete(asked));
  }

  /** Does `act` while an instance gets no new requests, `letGoMs` after it has got the last one. */
  async without(instance: number, letGoMs: number, act: () => Promise<void>): Promise<void> {
    this.#out.add(instance);
    await new Promise((resolve) => setTimeout(resolve, letGoMs));
    await act();
    this.#out.delete(instance);
  }

  /** Waits for what is in flight. */
  async report(): Promise<RoundRobinReport> {
    await Promise.all(this.#inFlight);
    return { requests: this.#requests, failures: this.#failures, maxMs: this.#maxMs };
  }

  /** Begins to count anew. */
  forget(): void {
    this.#requests = 0;
    this.#failures = [];
    this.#maxMs = 0;
  }

  async close(): Promise<void> {
    for (const pool of this.#pools) await pool.close();
  }

  async #ask(options: Omit<Dispatcher.RequestOptions, 'origin'>): Promise<number | undefined> {
    const begunMs = performance.now();
    this.#requests++;
    try {
      const { statusCode, body } = await this.#choose().request(options);
      const text = await body.text();
      if (statusCode >= 400) this.#failures.push(`${statusCode} ${text.slice(0, 120)}`);
      return statusCode >= 400 ? undefined : statusCode;
    } catch (error) {
      this.#failures.push(String(error));
      return undefined;
    } finally {
      this.#maxMs = Math.max(this.#maxMs, performance.now() - begunMs);
    }
  }

  #choose(): Pool {
    for (let tried = 0; tried < this.#pools.length; tried++) {
      const instance = this.#next++ % this.#pools.length;
      const pool = this.#pools[instance];
      if (pool && !this.#out.has(instance)) return pool;
    }
    throw new Error('no instance is in the list');
  }
}
