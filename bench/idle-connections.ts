import { Client } from 'undici';

const OPENING_AT_ONCE = 16;

/**
 * Connections to one address, each for one request at a time. A pool looks through all of them for a free one; here the one that was given
 * back last is at hand, so that thousands cost no more than one.
 */
export class IdleConnections {
  readonly #url: string;
  readonly #max: number;
  readonly #idle: Client[] = [];
  readonly #all: Client[] = [];
  readonly #waiting: ((client: Client) => void)[] = [];

  constructor(url: string, max: number) {
    this.#url = url;
    this.#max = max;
  }

  /**
   * Opens `count` of them, some at a time, each by a request for nothing. Node takes in one new connection with each
   * turn of its event loop, so those that are first needed on a busy server wait for seconds.
   */
  async open(count: number): Promise<void> {
    let begun = 0;
    const openOneByOne = async () => {
      while (begun++ < count) {
        const client = new Client(this.#url, { pipelining: 1 });
        this.#all.push(client);
        const { body } = await client.request({ method: 'GET', path: '/' });
        await body.dump();
        this.#idle.push(client);
      }
    };
    await Promise.all(Array.from({ length: OPENING_AT_ONCE }, openOneByOne));
  }

  /** A connection that nobody uses; waits for one where all that there may be are in use. Whoever takes it gives it back. */
  take(): Promise<Client> | Client {
    const idle = this.#idle.pop();
    if (idle) return idle;
    if (this.#all.length >= this.#max) return new Promise((resolve) => this.#waiting.push(resolve));
    const client = new Client(this.#url, { pipelining: 1 });
    this.#all.push(client);
    return client;
  }

  giveBack(client: Client): void {
    const next = this.#waiting.shift();
    if (next) next(client);
    else this.#idle.push(client);
  }

  /** Ends all of them, when their requests have ended. */
  async close(): Promise<void> {
    await Promise.all(this.#all.map((client) => client.close()));
  }
}
