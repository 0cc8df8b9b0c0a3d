import type { Session } from '@trancendos/shell-api';
import { Cell } from '@trancendos/ui';

/** The gateway is told at most so often that somebody is there. */
export const REPORT_EVERY_MS = 60_000;
/** So long before an unused session ends its reader is asked. */
export const ASK_BEFORE_MS = 2 * 60_000;
/** After its end the gateway is asked so often whether it has really ended. */
const LOOK_EVERY_MS = 5_000;

export interface PresenceOptions {
  readonly nowMs: () => number;
  /** Tells the gateway that somebody is there; resolves when `follow` has heard its answer. */
  readonly report: () => Promise<void>;
  /** Asks the gateway how the session stands, without using it: another tab may have. */
  readonly look: () => Promise<void>;
}

/** Whether somebody is in front of the page, as far as the session's idle end is concerned. Knows no document and no network. */
export class Presence {
  /** True while the reader is asked whether to stay. */
  readonly isAsking = new Cell(false);
  readonly #options: PresenceOptions;
  #session: Session | undefined;
  #seenAtMs = Number.NEGATIVE_INFINITY;
  #reportedAtMs = Number.NEGATIVE_INFINITY;
  #lookedAtMs = Number.NEGATIVE_INFINITY;
  /** The idle end that the gateway has confirmed shortly before it. */
  #confirmedEndMs = 0;

  constructor(options: PresenceOptions) {
    this.#options = options;
  }

  /** Takes over who is signed in, as the gateway has just said; undefined where nobody is. Opening the page was a use of the session. */
  follow(session: Session | undefined): void {
    if (session && !this.#session) this.#reportedAtMs = this.#options.nowMs();
    this.#session = session;
    if (this.#leftMs() > ASK_BEFORE_MS) this.isAsking.set(false);
  }

  /** Somebody has moved, pressed or typed, or come back to the page. Not counted while they are asked: then they are to answer. */
  notice(): void {
    if (this.isAsking.get()) return;
    this.#seenAtMs = this.#options.nowMs();
    void this.#reportIfDue();
  }

  /** The reader has answered that they stay. */
  async stay(): Promise<void> {
    this.isAsking.set(false);
    this.#seenAtMs = this.#options.nowMs();
    await this.#report();
  }

  /** To be called about once a second. */
  async tick(): Promise<void> {
    await this.#reportIfDue();
    const leftMs = this.#leftMs();
    if (leftMs > ASK_BEFORE_MS) return;
    if (leftMs > 0 && this.#confirmedEndMs === this.#endMs()) this.isAsking.set(true);
    await this.#look();
  }

  /** Time left to somebody who does nothing; endless where nobody is signed in, or where no use of the session would lengthen it. */
  #leftMs(): number {
    return this.#endMs() - this.#options.nowMs();
  }

  #endMs(): number {
    const { idleExpiresAt, expiresAt } = this.#session ?? {};
    if (idleExpiresAt === undefined) return Number.POSITIVE_INFINITY;
    const isLast = expiresAt !== undefined && Date.parse(idleExpiresAt) >= Date.parse(expiresAt);
    // At its very end the session is looked at, too, so that the page says so.
    return isLast && Date.parse(expiresAt) > this.#options.nowMs() ? Number.POSITIVE_INFINITY : Date.parse(idleExpiresAt);
  }

  async #reportIfDue(): Promise<void> {
    const isNews = this.#seenAtMs > this.#reportedAtMs;
    if (this.#session && isNews && this.#options.nowMs() - this.#reportedAtMs >= REPORT_EVERY_MS) await this.#report();
  }

  async #report(): Promise<void> {
    this.#reportedAtMs = this.#options.nowMs();
    await this.#options.report();
  }

  async #look(): Promise<void> {
    if (this.#options.nowMs() - this.#lookedAtMs < LOOK_EVERY_MS) return;
    this.#lookedAtMs = this.#options.nowMs();
    const before = this.#endMs();
    await this.#options.look();
    if (this.#endMs() === before) this.#confirmedEndMs = before;
  }
}
