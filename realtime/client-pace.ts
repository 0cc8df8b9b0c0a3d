import type { Pace } from '@trancendos/contracts/socket';

/** How one client is served in one room. */
export interface PaceState {
  readonly pace: Pace['pace'];
  /** Since when it has kept up, while it is sent less than everything. */
  readonly keepsUpSinceMs: number | undefined;
}

/** What is known of a client's connection at the moment. */
export interface ConnectionLoad {
  /** Messages and bytes that the connection has not taken yet. */
  readonly backlog: number;
  readonly bufferedBytes: number;
  /** Frames of the room that the client has not acknowledged. */
  readonly unacknowledged: number;
}

/** With so many messages, or bytes, not taken nothing more is put on top. About a second of frames. */
export const BACKLOG_MAX = 10;
export const BUFFERED_BYTES_MAX = 1_048_576;
/** Frames not acknowledged from which a client gets two frames a second, and from which it gets snapshots only: 2 s and 6 s. */
export const SLOW_FROM_FRAMES = 20;
export const SNAPSHOTS_FROM_FRAMES = 60;
/** A client acknowledges about every fifth frame. */
const KEEPS_UP_FRAMES = 15;
const RECOVERS_AFTER_MS = 5_000;

/** True when nothing more may be sent until the connection has taken what waits. */
export function isBlocked({ backlog, bufferedBytes }: Pick<ConnectionLoad, 'backlog' | 'bufferedBytes'>): boolean {
  return backlog > BACKLOG_MAX || bufferedBytes > BUFFERED_BYTES_MAX;
}

/** The pace that follows from a client's load, for clients that are sent frames: one step down at once, one step up after 5 s of keeping up. */
export function nextPace(state: PaceState, load: ConnectionLoad, nowMs: number): PaceState {
  if (isBlocked(load) || load.unacknowledged > SNAPSHOTS_FROM_FRAMES) return { pace: 'snapshots', keepsUpSinceMs: undefined };
  if (state.pace === 'full') return load.unacknowledged > SLOW_FROM_FRAMES ? { pace: 'slow', keepsUpSinceMs: undefined } : state;
  if (load.backlog > 0 || load.unacknowledged > KEEPS_UP_FRAMES) return { pace: 'slow', keepsUpSinceMs: undefined };
  const keepsUpSinceMs = state.keepsUpSinceMs ?? nowMs;
  return nowMs - keepsUpSinceMs >= RECOVERS_AFTER_MS ? { pace: 'full', keepsUpSinceMs: undefined } : { pace: 'slow', keepsUpSinceMs };
}
