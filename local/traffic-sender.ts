import { nowMs } from '@trancendos/platform/clock';
import type { TrafficClient } from './traffic-client.ts';
import { merchantOfTerminal, type DemoMerchant } from './traffic-keys.ts';
import { DueLabels } from './traffic-labels.ts';
import { requestOf, terminalOf, type TrafficRow } from './traffic-rows.ts';
import type { Tally } from './traffic-tally.ts';

export interface SenderOptions {
  readonly client: Pick<TrafficClient, 'transaction' | 'label'>;
  readonly merchants: readonly DemoMerchant[];
  readonly tally: Tally;
}

/** Sends rows as payments of their merchants, and each label when the simulated clock, the time of the newest row, has come to it. */
export class TrafficSender {
  readonly #options: SenderOptions;
  readonly labels = new DueLabels();

  constructor(options: SenderOptions) {
    this.#options = options;
  }

  /** Sends one row with the labels that are due by then; true when it was answered, false when the sender was stopped first. */
  async send(row: TrafficRow, dueMs: number): Promise<boolean> {
    const { client, tally } = this.#options;
    tally.start(nowMs() - dueMs);
    const labels = this.labels.take(row.occurredAtMs);
    this.labels.add(row);
    const [answered] = await Promise.all([
      client.transaction(this.#merchantOf(row), requestOf(row)),
      ...labels.map((due) => this.#label(due)),
    ]);
    if (answered.kind === 'stopped') return false;
    if (answered.kind === 'refused') tally.refuse(answered.code);
    else tally.answer(answered.answer, nowMs() - dueMs);
    return true;
  }

  async #label(row: TrafficRow): Promise<void> {
    const { client, tally } = this.#options;
    const known_at = new Date(row.labelKnownAtMs).toISOString();
    const answered = await client.label(this.#merchantOf(row), { transaction_id: row.id, fraud: row.fraud, source: 'bank', known_at });
    if (answered.kind === 'ok') tally.label();
    else if (answered.kind === 'refused') tally.refuse(answered.code);
  }

  #merchantOf(row: TrafficRow): DemoMerchant {
    return merchantOfTerminal(this.#options.merchants, terminalOf(row));
  }
}
