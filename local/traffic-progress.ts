/** Which rows are answered, where rows are begun in order and answered in any. */
export class RowProgress {
  readonly #open = new Set<number>();
  #next: number;

  constructor(next: number) {
    this.#next = next;
  }

  /** The rows from the first to before `end`; each is open from when it is taken until it is answered. */
  *rows(end: number): Generator<number> {
    while (this.#next < end) {
      this.#open.add(this.#next);
      yield this.#next++;
    }
  }

  answered(row: number): void {
    this.#open.delete(row);
  }

  firstUnanswered(): number {
    return Math.min(this.#next, ...this.#open);
  }
}
