import { nowMs } from '@trancendos/platform/clock';
import type { Resource } from '@trancendos/platform/run';

const TICK_EVERY_MS = 25;
/**
 * How late every tick is where more comes in than this process can work off. A request takes several turns of the event loop, and the
 * shorter the queues are, the more is answered: of 2,000/s on two processors nine of ten with 50 ms, fewer than half with 250 ms, one of nine
 * where nobody is refused.
 */
const SWAMPED_MS = 50;
/** One late tick is a pause; so many behind each other, half a second, are a backlog. */
const SWAMPED_TICKS = 6;

/** Watches how far this process is behind, by ticks that come later than they should. */
export class LoopWatch implements Resource {
  readonly #clock: () => number;
  readonly #timer: NodeJS.Timeout;
  #dueMs: number;
  #lateTicks = 0;

  constructor(clock: () => number = nowMs) {
    this.#clock = clock;
    this.#dueMs = clock() + TICK_EVERY_MS;
    this.#timer = setInterval(() => this.tick(), TICK_EVERY_MS).unref();
  }

  /** Whether it has been behind for a while, so that what is taken in besides makes everybody's answer later. */
  isSwamped(): boolean {
    return this.#lateTicks >= SWAMPED_TICKS;
  }

  /** One tick, when it comes. */
  tick(): void {
    const now = this.#clock();
    this.#lateTicks = now - this.#dueMs > SWAMPED_MS ? this.#lateTicks + 1 : 0;
    this.#dueMs = now + TICK_EVERY_MS;
  }

  stop(): Promise<void> {
    clearInterval(this.#timer);
    return Promise.resolve();
  }
}
