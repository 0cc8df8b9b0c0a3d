/** A moment that comes once, or never. An `AbortSignal` tells it as well, and takes five times as long. */
export class Moment {
  #hasCome = false;
  #listeners: (() => void)[] = [];

  /** A moment in so many milliseconds; below 0 is now. */
  static after(delayMs: number): Moment {
    const moment = new Moment();
    setTimeout(() => moment.come(), Math.max(0, delayMs)).unref();
    return moment;
  }

  get hasCome(): boolean {
    return this.#hasCome;
  }

  /** Calls `listener` when the moment comes; never where it has come already. */
  tell(listener: () => void): void {
    if (!this.#hasCome) this.#listeners.push(listener);
  }

  /** Calls it no more. */
  forget(listener: () => void): void {
    const place = this.#listeners.indexOf(listener);
    if (place >= 0) this.#listeners.splice(place, 1);
  }

  come(): void {
    this.#hasCome = true;
    const listeners = this.#listeners;
    this.#listeners = [];
    for (const listener of listeners) listener();
  }
}
