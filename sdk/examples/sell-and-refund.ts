import { parseArgs } from 'node:util';
import { adviseNext, TrancendosClient, TrancendosError } from '../index.ts';

/**
 * A sale from the first look to the money back: try it out, hold the money, take part of it when the goods leave, give some of it back, and
 * say that all was well. `node sdk/dist/examples/sell-and-refund.js --api http://127.0.0.1:8081 --key trn_test_...`
 */
export async function sellAndRefund(options: { readonly api: string; readonly key: string; readonly say: (line: string) => void }) {
  const { api, key, say } = options;
  const client = new TrancendosClient({ baseUrl: api, apiKey: key });
  const order = {
    transaction_id: `order-${crypto.randomUUID()}`,
    occurred_at: new Date().toISOString(),
    amount_minor: 4_900,
    currency: 'EUR' as const,
    payer: { account_id: 'ACC-SHOP-1' },
    capture: 'manual' as const,
  };
  say(`a dry run says ${(await client.tryOut(order)).action}`);

  const answer = await client.decide(order);
  const next = adviseNext(answer);
  say(`${order.transaction_id}: ${answer.action}, so ${next.kind}; ${answer.money?.pending_minor ?? 0} are held`);
  if (next.kind !== 'proceed') return answer;

  const captured = await client.capture(order.transaction_id, { amount_minor: 4_000, reason: 'one item is out of stock' });
  say(`captured ${captured.amount_minor}, the rest is released`);
  try {
    await client.capture(order.transaction_id);
  } catch (error) {
    if (!(error instanceof TrancendosError)) throw error;
    say(`a second capture is refused: ${error.code}`);
  }
  const refunded = await client.refund(order.transaction_id, { amount_minor: 500, reason: 'came late' });
  say(`refunded ${refunded.amount_minor}`);
  await client.label({ transaction_id: order.transaction_id, fraud: false, source: 'merchant', known_at: new Date().toISOString() });

  const last = await client.transaction(order.transaction_id);
  say(`in the end ${last.money?.posted_minor ?? 0} are posted and ${last.money?.refunded_minor ?? 0} of it refunded`);
  return last;
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { api: { type: 'string', default: 'http://127.0.0.1:8081' }, key: { type: 'string' } } });
  if (values.key === undefined) throw new Error('--key is needed: npm start prints a sandbox key');
  await sellAndRefund({ api: values.api, key: values.key, say: (line) => process.stdout.write(`${line}\n`) });
}
