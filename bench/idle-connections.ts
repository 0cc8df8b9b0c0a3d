import { HttpConnection } from './http-connection.ts';

const OPENING_AT_ONCE = 16;

/**
 * Connections to one address, each for one request at a time. A pool looks through all of them for a free one; here the one that was given
 * back last is at hand, so that thousands cost no more than one.
 */
export class IdleConnections {
  readonly #url: string;
  readonly #max: number;
  readonly #idle: HttpConnection[] = [];
  readonly #all: HttpConnection[] = [];
  readonly #waiting: ((connection: HttpConnection) => void)[] = [];

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
        const connection = new HttpConnection(this.#url);
        this.#all.push(connection);
        await connection.exchange({ method: 'GET', path: '/', headers: {}, body: '' });
        this.#idle.push(connection);
      }
    };
    await Promise.all(Array.from({ length: OPENING_AT_ONCE }, openOneByOne));
  }

  /** A connection that nobody uses; waits for one where all that there may be are in use. Whoever takes it gives it back. */
  take(): Promise<HttpConnection> | HttpConnection {
    const idle = this.#idle.pop();
    if (idle) return idle;
    if (this.#all.length >= this.#max) return new Promise((resolve) => this.#waiting.push(resolve));
    const connection = new HttpConnection(this.#url);
    this.#all.push(connection);
    return connection;
  }

  giveBack(connection: HttpConnection): void {
    const next = this.#waiting.shift();
    if (next) next(connection);
    else this.#idle.push(connection);
  }

  /** Ends all of them. */
  close(): void {
    for (const connection of this.#all) connection.close();
  }
}
