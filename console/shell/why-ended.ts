import type { Session } from '@trancendos/shell-api';

/** Why a session is over: nobody used it, its time was up, or somebody ended it. */
export type SessionEnd = 'idle' | 'full_length' | 'ended';

/** Clocks and timers may be so far apart. */
const TOLERANCE_MS = 5_000;

/** What has probably ended `session`, which the gateway no longer knows. */
export function whyEnded({ idleExpiresAt, expiresAt }: Session, nowMs: number): SessionEnd {
  const isPast = (moment: string | undefined) => moment !== undefined && Date.parse(moment) - nowMs < TOLERANCE_MS;
  if (isPast(expiresAt)) return 'full_length';
  return isPast(idleExpiresAt) ? 'idle' : 'ended';
}
