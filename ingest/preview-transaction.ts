import { Decision } from '@trancendos/contracts/decision';
import type { PaymentTransaction } from '@trancendos/contracts/transaction';
import type { Logger } from '@trancendos/platform/log';

/** Asks what would be decided on a payment; undefined where nobody says so before `end`. */
export type Preview = (transaction: PaymentTransaction, end: AbortSignal) => Promise<Decision | undefined>;

/** Previews by scoring's API at `scoringUrl`: any worker knows the whole feature state. */
export function previewAt(scoringUrl: string, log: Pick<Logger, 'debug'>): Preview {
  return async (transaction, end) => {
    try {
      const response = await fetch(new URL('/v1/previews', scoringUrl), {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ transaction }),
        signal: end,
      });
      if (response.ok) return Decision.parse(await response.json());
      await response.body?.cancel();
    } catch (error) {
      log.debug({ err: error }, 'no preview'); // the merchant's policy answers, and says so
    }
    return undefined;
  };
}
