const WINDOW_MS = 10_000;
const MESSAGES_MAX = 120;

/** Counts what one console says. A page sends one when a person does something, and twice a second for what it has taken in. */
export class MessageBudget {
  #windowStartMs = 0;
  #spent = 0;

  /** False when a message is one too many. */
  spend(nowMs: number): boolean {
    if (nowMs - this.#windowStartMs >= WINDOW_MS) {
      this.#windowStartMs = nowMs;
      this.#spent = 0;
    }
    return ++this.#spent <= MESSAGES_MAX;
  }
}
