/** Where this process itself was not let run: a measured time that holds such a pause says nothing about whoever was measured. */
export interface StallWatch {
  /** Milliseconds of `performance.now()` time between the two moments in which this process stood still. */
  stalledMs(fromMs: number, toMs: number): number;
  stop(): void;
}

const TICK_MS = 10;
/** What a turn may take before it counts as a stall. */
const TOLERATED_MS = 40;

export function watchStalls(): StallWatch {
  const stalls: { readonly fromMs: number; readonly toMs: number }[] = [];
  let lastMs = performance.now();
  const timer = setInterval(() => {
    const nowMs = performance.now();
    if (nowMs - lastMs > TOLERATED_MS) stalls.push({ fromMs: lastMs, toMs: nowMs });
    lastMs = nowMs;
  }, TICK_MS);
  return {
    stalledMs: (fromMs, toMs) =>
      stalls.reduce((sum, stall) => sum + Math.max(0, Math.min(toMs, stall.toMs) - Math.max(fromMs, stall.fromMs)), 0),
    stop: () => clearInterval(timer),
  };
}
