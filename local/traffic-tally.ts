import { createHistogram } from 'node:perf_hooks';
import type { TransactionAnswer } from '@trancendos/contracts/http';

/** What became of what was sent, and how long it took. */
export class Tally {
  readonly #latencyMicros = createHistogram();
  #sent = 0;
  #pending = 0;
  /** By the code of the problem. */
  readonly #refusals = new Map<string, number>();
  #retries = 0;
  #labels = 0;
  #lateStarts = 0;
  readonly #actions = { approve: 0, review: 0, decline: 0 };

  /** A row is on its way; `lateMs` after it was due. */
  start(lateMs: number): void {
    this.#sent++;
    if (lateMs > 10) this.#lateStarts++;
  }

  /** `latencyMs` counts from the moment at which the row was due. */
  answer(answer: Pick<TransactionAnswer, 'action'>, latencyMs: number): void {
    this.#latencyMicros.record(Math.max(1, Math.round(latencyMs * 1_000)));
    if (answer.action) this.#actions[answer.action]++;
    else this.#pending++;
  }

  /** `code` is that of the problem. */
  refuse(code: string): void {
    this.#refusals.set(code, (this.#refusals.get(code) ?? 0) + 1);
  }

  retry(): void {
    this.#retries++;
  }

  label(): void {
    this.#labels++;
  }

  /** One line for now and then. */
  line(): string {
    const { approve, review, decline } = this.#actions;
    const decided = approve + review + decline;
    return (
      `${this.#sent} sent, ${decided} decided (${approve} approved, ${review} in review, ${decline} declined), ${this.#pending} pending, ` +
      `${this.#labels} labels, ${this.#describeRefusals()}, ${this.#retries} retries; p50 ${this.#ms(50)} ms, p99 ${this.#ms(99)} ms`
    );
  }

  /** Several lines for the end; `tookMs` is the time that sending took. */
  summary(tookMs: number): string {
    return [
      this.line(),
      `${(this.#sent / (tookMs / 1_000)).toFixed(1)} a second over ${(tookMs / 1_000).toFixed(1)} s; ${this.#lateStarts} started more than 10 ms late`,
      `answers from the moment they were due, in ms: p50 ${this.#ms(50)}, p95 ${this.#ms(95)}, p99 ${this.#ms(99)}, p99.9 ${this.#ms(99.9)}, max ${this.#ms(100)}`,
    ].join('\n');
  }

  #describeRefusals(): string {
    const codes = [...this.#refusals].map(([code, count]) => `${count} ${code}`);
    return codes.length === 0 ? '0 refused' : `refused: ${codes.join(', ')}`;
  }

  #ms(percentile: number): string {
    return this.#latencyMicros.count === 0 ? '-' : (this.#latencyMicros.percentile(percentile) / 1_000).toFixed(1);
  }
}
