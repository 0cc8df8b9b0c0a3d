import { EntityTable } from './entity-table.ts';
import { EventRing } from './event-ring.ts';
import { DAY_MS, RETENTION_MS, WINDOW_DAYS } from './feature-windows.ts';

/**
 * What folding an event did. `duplicate`: it was there already, nothing changed. `too_old`: older than what is kept of its entity, nothing
 * changed; its features are computed without history.
 */
export type FoldOutcome = 'added' | 'duplicate' | 'too_old';

/** One payer's transaction. */
export interface CustomerEvent {
  readonly subject: string;
  /** Unique for the transaction; a second event with the same id and time is a duplicate. */
  readonly id: string;
  readonly timeMs: number;
  /** Thousandths of the currency's unit: exact for every currency with up to three decimals. */
  readonly amountThousandths: number;
}

/** Larger amounts count as this one, 10,000,000.000, so that sums stay exact. */
const AMOUNT_MOST = 10_000_000_000;

/** Keyed state: what is known of each paying customer. Whoever owns a customer's partition owns its state. */
export class CustomerState {
  readonly rings = new EntityTable<EventRing>();

  fold(event: CustomerEvent): FoldOutcome {
    let ring = this.rings.change(event.subject);
    if (!ring) this.rings.add(event.subject, (ring = new EventRing()));
    if (event.timeMs <= ring.newestMs - RETENTION_MS) return 'too_old';
    const added = ring.insert(event.timeMs, event.id, Math.min(event.amountThousandths, AMOUNT_MOST));
    ring.forgetUpTo(ring.newestMs - RETENTION_MS);
    return added ? 'added' : 'duplicate';
  }

  /**
   * Writes count and mean amount (in units of the currency) of every window that ends with `event`, itself included, to `out` from `offset`
   * on. Returns the event's own amount as it counts.
   */
  read(event: CustomerEvent, out: Float64Array, offset: number): number {
    const ring = this.rings.get(event.subject);
    const amount = Math.min(event.amountThousandths, AMOUNT_MOST);
    const end = ring?.positionAfter(event.timeMs) ?? 0;
    for (const [index, days] of WINDOW_DAYS.entries()) {
      const start = ring?.positionAfter(event.timeMs - days * DAY_MS) ?? 0;
      const count = end - start;
      // A window holds at least the event itself, also where it came too late to be kept.
      const sum = ring && count > 0 ? ring.sumBetween(start, end) : amount;
      out[offset + 2 * index] = Math.max(count, 1);
      out[offset + 2 * index + 1] = sum / Math.max(count, 1) / 1000;
    }
    return amount / 1000;
  }

  /** Forgets customers without an event after `timeMs`. */
  forgetIdle(timeMs: number): void {
    this.rings.forget((ring) => ring.newestMs <= timeMs);
  }
}
