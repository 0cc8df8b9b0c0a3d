import { subjectOf, type PaymentTransaction } from '@trancendos/contracts/transaction';
import type { Publisher } from '@trancendos/platform/publish';
import { forceOutcome } from './force-outcome.ts';
import { RecentMap } from '@trancendos/platform/keep-recent';

/** How many published transactions are remembered, so that repeated requests do not publish them again. */
const REMEMBERED_MAX = 50_000;

/**
 * Publishes accepted transactions, each once as far as this process knows: repeats of a request share the first one's publication, and one
 * that failed is tried again by the next repeat. After a restart a repeat may publish a second time; readers drop it by its id.
 */
export class PublishOnce {
  readonly #publisher: Pick<Publisher, 'publish'>;
  readonly #published = new RecentMap<Promise<void>>(REMEMBERED_MAX);

  constructor(publisher: Pick<Publisher, 'publish'>) {
    this.#publisher = publisher;
  }

  /** Resolves when the broker has the transaction, which is known by `name`, as of `waitingName`. Rejects with `PublishError`. */
  publish(name: string, transaction: PaymentTransaction): Promise<void> {
    const known = this.#published.get(name);
    if (known) return known;
    const publication = this.#hand(transaction);
    this.#published.set(name, publication);
    publication.catch(() => this.#published.delete(name));
    return publication;
  }

  /** To scoring; a payment of the sandbox goes to the ledger at once, with the outcome that it asks for, and teaches no feature. */
  #hand(transaction: PaymentTransaction): Promise<void> {
    const subject = subjectOf(transaction.payer);
    const forced = forceOutcome(transaction);
    if (forced === undefined) return this.#publisher.publish('transactions', subject, transaction, transaction.request_id);
    return forced === 'timeout' ? Promise.resolve() : this.#publisher.publish('decisions', subject, forced, transaction.request_id);
  }
}
