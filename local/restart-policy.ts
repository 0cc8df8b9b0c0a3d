/** How often and how fast a process that dies is started again. */
export interface RestartPolicy {
  /** A life shorter than this counts as a quick death. */
  readonly quickMs: number;
  readonly firstDelayMs: number;
  readonly longestDelayMs: number;
  /** So many quick deaths in a row end it all. */
  readonly quickDeathsMax: number;
}

export const RESTART_POLICY: RestartPolicy = { quickMs: 15_000, firstDelayMs: 250, longestDelayMs: 5_000, quickDeathsMax: 10 };

/** A process that has never been ready is misconfigured rather than unlucky. */
export const NEVER_READY_DEATHS_MAX = 3;

/** What follows a death: the number of quick deaths in a row, and how long to wait before the next start. */
export function afterDeath(policy: RestartPolicy, quickDeathsBefore: number, livedMs: number): { quickDeaths: number; delayMs: number } {
  const quickDeaths = livedMs < policy.quickMs ? quickDeathsBefore + 1 : 0;
  const delayMs = Math.min(policy.firstDelayMs * 2 ** Math.max(0, quickDeaths - 1), policy.longestDelayMs);
  return { quickDeaths, delayMs };
}
