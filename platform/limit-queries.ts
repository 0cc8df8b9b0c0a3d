import type pg from 'pg';

type Told = (error: Error | null | undefined, result: pg.QueryResult) => void;
/** The forms in which we and the pool ask a client. */
type Ask = (asked: string | (pg.QueryConfig & { readonly query_timeout?: number }), values?: unknown[], told?: Told) => unknown;

/**
 * Makes a client give up queries that take longer than `timeoutMs`, unless they say otherwise themselves (`query_timeout`). A pool lets go
 * of a client by the error.
 *
 * The driver can do it too, and can give promises; for both it assigns `query.callback = (error, result) => ...`. Such a function is old
 * for V8 from its birth, as in `redis.ts`, and keeps the query, its values and its result until everything is collected: in ingest 0.5 MB
 * for each second at 1,000 payments/s.
 */
export function limitQueries(client: pg.PoolClient, timeoutMs: number): void {
  const query = client.query.bind(client) as Ask;
  const ask: Ask = (asked, values, told) => {
    const limitMs = (typeof asked === 'object' ? asked.query_timeout : undefined) ?? timeoutMs;
    const askAndTell = (teller: Told) => askWithin(limitMs, teller, (tell) => query(asked, values, tell));
    if (!told) return promise(askAndTell);
    askAndTell(told);
    return undefined;
  };
  client.query = ask as pg.PoolClient['query'];
}

function promise(ask: (told: Told) => void): Promise<pg.QueryResult> {
  const asked = new Promise<pg.QueryResult>((resolve, reject) => {
    ask((error, result) => {
      if (error) reject(error);
      else resolve(result);
    });
  });
  return asked.catch((error: unknown) => {
    if (error instanceof Error) Error.captureStackTrace(error); // that leads to who asked, instead of to the socket
    throw error;
  });
}

function askWithin(limitMs: number, told: Told, send: (tell: Told) => unknown): void {
  let isTold = false;
  const tell: Told = (error, result) => {
    if (isTold) return;
    isTold = true;
    clearTimeout(expiry);
    told(error, result);
  };
  const expiry = setTimeout(() => tell(new Error('Query read timeout'), undefined as unknown as pg.QueryResult), limitMs);
  send(tell);
}
