const WINDOW_MS = 10_000;
const MESSAGES_MAX = 60;

/** Counts what one console says. A page sends a message when a person does something; a program that floods is cut off. */
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
