const PAUSE_FIRST_MS = 250;
const PAUSE_MOST_MS = 5_000;
/** A server that asks for more patience than this is told about instead. */
const RETRY_AFTER_MOST_MS = 30_000;

/** How long to wait after `attempt`, counted from 1, in milliseconds. Undefined where the server asks for more patience than a call has. */
export function pauseBefore(attempt: number, retryAfterMs = 0): number | undefined {
  if (retryAfterMs > RETRY_AFTER_MOST_MS) return undefined;
  const growing = Math.min(PAUSE_FIRST_MS * 2 ** (attempt - 1), PAUSE_MOST_MS);
  return Math.max(retryAfterMs, growing * (0.5 + Math.random() / 2));
}

/** Waits; rejects with what `signal` is aborted with. */
export function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = () => {
      clearTimeout(timer);
      reject(signal?.reason as Error);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    }, ms);
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}
