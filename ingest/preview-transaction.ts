import { Decision } from '@trancendos/contracts/decision';
import type { PaymentTransaction } from '@trancendos/contracts/transaction';
import type { Logger } from '@trancendos/platform/log';
import type { Moment } from './moment.ts';

/** Asks what would be decided on a payment; undefined where nobody says so before `end`. */
export type Preview = (transaction: PaymentTransaction, end: Moment) => Promise<Decision | undefined>;

/** Previews by scoring's API at `scoringUrl`: any worker knows the whole feature state. */
export function previewAt(scoringUrl: string, log: Pick<Logger, 'debug'>): Preview {
  return async (transaction, end) => {
    const abort = new AbortController();
    const onEnd = () => abort.abort();
    if (end.hasCome) onEnd();
    else end.tell(onEnd);
    try {
      const response = await fetch(new URL('/v1/previews', scoringUrl), {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ transaction }),
        signal: abort.signal,
      });
      if (response.ok) return Decision.parse(await response.json());
      await response.body?.cancel();
    } catch (error) {
      log.debug({ err: error }, 'no preview'); // the merchant's policy answers, and says so
    } finally {
      end.forget(onEnd);
    }
    return undefined;
  };
}
