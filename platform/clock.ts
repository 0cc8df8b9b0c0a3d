/** Milliseconds since the epoch with a fraction; monotonic within the process, so that differences are never negative. */
export function nowMs(): number {
  return performance.timeOrigin + performance.now();
}

/** A moment as the `Instant` of the contracts. */
export function toInstant(epochMs: number): string {
  return new Date(epochMs).toISOString();
}

/** Resolves after `delayMs`, or at once when `signal` is aborted. Does not keep the process alive. */
export function pause(delayMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) {
      resolve();
      return;
    }
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, delayMs).unref();
    signal?.addEventListener('abort', done, { once: true });
  });
}
