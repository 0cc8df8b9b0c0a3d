/** Where requests wait until the ledger's answer to their operation is stored. */
export class OperationBoard {
  readonly #waiters = new Map<string, Set<() => void>>();

  /** Resolves when `operationId` is announced, and after `waitMs` in any case. */
  wait(operationId: string, waitMs: number): Promise<void> {
    return new Promise((resolve) => {
      const waiters = this.#waiters.get(operationId) ?? new Set();
      const wake = () => {
        clearTimeout(timer);
        waiters.delete(wake);
        if (waiters.size === 0) this.#waiters.delete(operationId);
        resolve();
      };
      const timer = setTimeout(wake, waitMs);
      this.#waiters.set(operationId, waiters.add(wake));
    });
  }

  announce(operationId: string): void {
    for (const wake of [...(this.#waiters.get(operationId) ?? [])]) wake();
  }
}
