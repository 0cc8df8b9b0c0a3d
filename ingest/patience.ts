import { nowMs } from '@trancendos/platform/clock';
import { Moment } from './moment.ts';

/** How long a last look for an answer that another instance has stored may take, before the deadline. */
const LAST_LOOK_MS = 25;

/** How long one request waits. */
export interface Wait {
  /** The deadline, less what a last look for an answer takes, or when the caller is gone. */
  readonly end: Moment;
  /** Shortly before the deadline, while there is still time for the merchant's policy to be decided and posted. */
  readonly nearEnd: Moment;
  /** The deadline itself, in milliseconds since the epoch: timers come late where much is to be done. */
  readonly dueAtMs: number;
  /** How long the caller waits in all. */
  readonly deadlineMs: number;
}

/** The waits of one caller; all of them end when it goes away. */
export class Patience {
  readonly #arrivedAtMs: number;
  readonly #marginMs: number;
  readonly #ends: Moment[] = [];
  readonly #timers = new Set<NodeJS.Timeout>();
  #isGone = false;

  /** `marginMs` before a deadline the policy is asked, but never in the first half of the time that there is. */
  constructor(arrivedAtMs: number, marginMs: number) {
    this.#arrivedAtMs = arrivedAtMs;
    this.#marginMs = marginMs;
  }

  /** A wait whose answer is due `deadlineMs` after the request's arrival, or after `sinceMs`, in milliseconds since the epoch. */
  waitFor(deadlineMs: number, sinceMs = this.#arrivedAtMs): Wait {
    const end = new Moment();
    const nearEnd = new Moment();
    const dueAtMs = sinceMs + deadlineMs;
    if (this.#isGone) end.come();
    else this.#ends.push(end);
    this.#at(dueAtMs - Math.min(this.#marginMs, deadlineMs / 2), () => {
      this.#at(dueAtMs - Math.min(LAST_LOOK_MS, deadlineMs / 4), () => end.come());
      nearEnd.come();
    });
    return { end, nearEnd, dueAtMs, deadlineMs };
  }

  /** Nobody is left to answer: what was begun goes on without its caller, and no policy is asked. */
  leave(): void {
    this.#isGone = true;
    this.done();
    for (const end of this.#ends) end.come();
  }

  /** Everything is answered. */
  done(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }

  #at(timeMs: number, happen: () => void): void {
    if (this.#isGone) return;
    const timer = setTimeout(
      () => {
        this.#timers.delete(timer);
        happen();
      },
      Math.max(0, timeMs - nowMs()),
    );
    this.#timers.add(timer);
  }
}
