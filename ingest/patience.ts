import { nowMs } from '@trancendos/platform/clock';

/** How long a last look for an answer that another instance has stored may take, before the deadline. */
const LAST_LOOK_MS = 25;

/** How long one request waits. */
export interface Wait {
  /** Aborted at the deadline, less what a last look for an answer takes, or when the caller is gone. */
  readonly end: AbortSignal;
  /** Aborted shortly before the deadline, while there is still time for the merchant's policy to be decided and posted. */
  readonly nearEnd: AbortSignal;
  /** The deadline itself, in milliseconds since the epoch: timers come late where much is to be done. */
  readonly dueAtMs: number;
  /** How long the caller waits in all. */
  readonly deadlineMs: number;
}

/** The waits of one caller; all of them end when it goes away. */
export class Patience {
  readonly #arrivedAtMs: number;
  readonly #marginMs: number;
  readonly #gone = new AbortController();
  readonly #timers: NodeJS.Timeout[] = [];

  /** `marginMs` before a deadline the policy is asked, but never in the first half of the time that there is. */
  constructor(arrivedAtMs: number, marginMs: number) {
    this.#arrivedAtMs = arrivedAtMs;
    this.#marginMs = marginMs;
  }

  /** A wait whose answer is due `deadlineMs` after the request's arrival, or after `sinceMs`, in milliseconds since the epoch. */
  waitFor(deadlineMs: number, sinceMs = this.#arrivedAtMs): Wait {
    const end = new AbortController();
    const nearEnd = new AbortController();
    if (this.#gone.signal.aborted) end.abort();
    this.#gone.signal.addEventListener('abort', () => end.abort(), { once: true });
    const lastLookMs = Math.min(LAST_LOOK_MS, deadlineMs / 4);
    const dueAtMs = sinceMs + deadlineMs;
    const leftMs = dueAtMs - nowMs();
    this.#timers.push(
      setTimeout(() => nearEnd.abort(), leftMs - Math.min(this.#marginMs, deadlineMs / 2)),
      setTimeout(() => end.abort(), leftMs - lastLookMs),
    );
    return { end: end.signal, nearEnd: nearEnd.signal, dueAtMs, deadlineMs };
  }

  /** Nobody is left to answer: what was begun goes on without its caller, and no policy is asked. */
  leave(): void {
    this.#gone.abort();
    this.done();
  }

  /** Everything is answered. */
  done(): void {
    for (const timer of this.#timers) clearTimeout(timer);
  }
}
