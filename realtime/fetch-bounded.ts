import { request } from 'undici';

export interface BoundedFetch {
  readonly timeoutMs: number;
  /** A longer answer is refused. */
  readonly bytesMax: number;
}

/** What another service answered; `away` when it did not answer in time, or with too much. */
export type Fetched = { readonly kind: 'answered'; readonly status: number; readonly body: string } | { readonly kind: 'away' };

/** GETs a JSON document of another service. Never throws. */
export async function fetchBounded(url: URL, { timeoutMs, bytesMax }: BoundedFetch): Promise<Fetched> {
  try {
    const { statusCode, body } = await request(url, { headers: { accept: 'application/json' }, signal: AbortSignal.timeout(timeoutMs) });
    const chunks: Buffer[] = [];
    let bytes = 0;
    for await (const chunk of body as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > bytesMax) return { kind: 'away' };
      chunks.push(chunk);
    }
    return { kind: 'answered', status: statusCode, body: Buffer.concat(chunks).toString('utf8') };
  } catch {
    return { kind: 'away' };
  }
}
