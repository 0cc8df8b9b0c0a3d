import type { Decision } from '@trancendos/contracts/decision';
import { subjectOf, type PaymentTransaction } from '@trancendos/contracts/transaction';
import { nowMs } from '@trancendos/platform/clock';
import type { Logger } from '@trancendos/platform/log';
import { metrics } from '@trancendos/platform/metrics';
import { PublishError, type Publisher } from '@trancendos/platform/publish';
import { decideByPolicy } from './decide-by-policy.ts';
import { RecentMap } from '@trancendos/platform/keep-recent';
import type { SettingsBoard } from './keys/merchant-settings.ts';
import { waitingName } from './waiting-room.ts';

const REMEMBERED_MAX = 50_000;

export interface FallBackParts {
  readonly publisher: Pick<Publisher, 'publish'>;
  readonly settings: Pick<SettingsBoard, 'of'>;
  readonly log: Pick<Logger, 'warn'>;
}

/**
 * Publishes what the merchant's policy says where nobody has decided in time. It is a decision like any other: the ledger takes the first one
 * that it sees for a transaction and ignores a later one, so that the answer and the money agree whichever comes first.
 */
export class FallBack {
  readonly #parts: FallBackParts;
  readonly #decided = new RecentMap<true>(REMEMBERED_MAX);

  constructor(parts: FallBackParts) {
    this.#parts = parts;
  }

  /** What the policy would decide; nothing is published. */
  propose(transaction: PaymentTransaction): Decision {
    return decideByPolicy(transaction, this.#parts.settings.of(transaction.merchant_id).on_timeout, nowMs());
  }

  /** Decides a transaction by policy, once as far as this process knows. */
  decide(transaction: PaymentTransaction): void {
    const name = waitingName(transaction.merchant_id, transaction.transaction_id);
    if (this.#decided.get(name)) return;
    this.#decided.set(name, true);
    const { publisher, log } = this.#parts;
    const decision = this.propose(transaction);
    metrics.decisions.inc({ action: decision.action, model: 'none', actor: 'policy' });
    metrics.fallbacks.inc({ cause: 'deadline' });
    publisher.publish('decisions', subjectOf(transaction.payer), decision, transaction.request_id).catch((error: unknown) => {
      if (!(error instanceof PublishError)) throw error;
      this.#decided.delete(name); // the next repeat of the request may try again
      log.warn({ err: error, correlationId: transaction.request_id }, 'a decision by policy could not be published');
    });
  }
}
