/** Failures in a row after which an endpoint is left alone for a while. */
const FAILURES_MAX = 5;
const OPEN_FIRST_MS = 30_000;
const OPEN_MOST_MS = 600_000;

interface Circuit {
  failures: number;
  openUntilMs: number;
}

/**
 * Leaves endpoints alone that fail again and again: after five failures in a row for 30 s, then twice as long each time, up to 10 minutes.
 * When the time is over a few deliveries are tried, and no more before they have ended; the first success closes the circuit.
 */
export class CircuitBreaker {
  readonly #circuits = new Map<string, Circuit>();

  /** How many deliveries an endpoint may have under way: none, a first few to try it (1), or `most`. */
  room(endpointId: string, nowMs: number, most: number): number {
    const circuit = this.#circuits.get(endpointId);
    if (!circuit || circuit.failures < FAILURES_MAX) return most;
    return nowMs < circuit.openUntilMs ? 0 : 1;
  }

  /** Endpoints that are left alone now. */
  open(nowMs: number): string[] {
    return [...this.#circuits].filter(([id]) => this.room(id, nowMs, 1) === 0).map(([id]) => id);
  }

  note(endpointId: string, succeeded: boolean, nowMs: number): void {
    if (succeeded) {
      this.#circuits.delete(endpointId);
      return;
    }
    const circuit = this.#circuits.get(endpointId) ?? { failures: 0, openUntilMs: 0 };
    circuit.failures++;
    const openMs = OPEN_FIRST_MS * 2 ** Math.min(10, Math.max(0, circuit.failures - FAILURES_MAX));
    if (circuit.failures >= FAILURES_MAX) circuit.openUntilMs = nowMs + Math.min(OPEN_MOST_MS, openMs);
    this.#circuits.set(endpointId, circuit);
  }
}
