import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { PaymentTransaction } from '@trancendos/contracts/transaction';
import { newId } from '@trancendos/platform/new-id';
import { renderAnswer } from './render-answer.ts';
import { runTestIngest, type TestIngest } from './run-test-ingest.ts';
import { sampleOutcome } from './sample-outcome.ts';
import { jsonOf, payment, TestMerchant, untilTrue } from './test-merchant.ts';

// What is proven here is not how fast a busy machine is.
jest.setTimeout(30_000);

let ingest: TestIngest;

beforeAll(async () => {
  ingest = await runTestIngest();
}, 60_000);

afterAll(async () => {
  await ingest.stop();
}, 30_000);

const merchant = new TestMerchant(() => ingest);

describe('an outcome that the ledger announces', () => {
  test('answers whoever waits for it before it is in the event log, with the bytes that are stored then', async () => {
    const body = { ...payment(), deadline_ms: 5_000 };
    ingest.deciding = false;
    const asked = merchant.pay(body, newId('key'));
    await untilTrue(() => merchant.publishedOf(body.transaction_id).length === 1);
    const outcome = sampleOutcome(merchant.publishedOf(body.transaction_id)[0] as PaymentTransaction, 1_000_000);
    const told = JSON.stringify(outcome);
    await ingest.ledger.announce(outcome, told.slice(0, -1));
    await ingest.ledger.announce(outcome, told.replace('"action":"approve"', '"action":"none"'));
    await ingest.ledger.announce({ ...outcome, transaction: { ...outcome.transaction, transaction_id: newId('tx') } });
    await ingest.ledger.announce(outcome);
    const { status, text } = await asked;
    expect([status, text]).toEqual([200, renderAnswer(outcome)]);

    ingest.ledger.decide = () => outcome;
    await ingest.decideRest();
    ingest.ledger.decide = sampleOutcome;
    await ingest.untilStored(body.transaction_id);
    const found = await merchant.send({ method: 'GET', path: `/v1/transactions/${body.transaction_id}` });
    expect(jsonOf(found)).toMatchObject({ ...(JSON.parse(text) as object), money: expect.anything() });
    ingest.deciding = true;
  });

  test('is never what is stored: that is what the event log says, should something else have been announced', async () => {
    const body = { ...payment(), deadline_ms: 5_000 };
    ingest.deciding = false;
    const asked = merchant.pay(body, newId('key'));
    await untilTrue(() => merchant.publishedOf(body.transaction_id).length === 1);
    const outcome = sampleOutcome(merchant.publishedOf(body.transaction_id)[0] as PaymentTransaction, 1_000_001);
    await ingest.ledger.announce({ ...outcome, score: outcome.score + 1 });
    const { text } = await asked;
    ingest.ledger.decide = () => outcome;
    await ingest.decideRest();
    ingest.ledger.decide = sampleOutcome;
    await ingest.untilStored(body.transaction_id);
    const found = await merchant.send({ method: 'GET', path: `/v1/transactions/${body.transaction_id}` });
    expect(jsonOf(found)).toMatchObject({ score: outcome.score });
    expect(JSON.parse(text)).toMatchObject({ score: outcome.score + 1 });
    ingest.deciding = true;
  });

  test('answers at every instance what was sent to it, whichever of them reads the outcome', async () => {
    ingest.ledger.announcing = true;
    const second = await ingest.startSecond();
    const ask = async (api: string) => {
      const body = { ...payment(), deadline_ms: 5_000 };
      const headers = { authorization: `Bearer ${ingest.keys[0]}`, 'content-type': 'application/json', 'idempotency-key': newId('key') };
      const startedMs = performance.now();
      const response = await fetch(`${api}/v1/transactions`, { method: 'POST', headers, body: JSON.stringify(body) });
      await response.text();
      return { status: response.status, ms: performance.now() - startedMs };
    };
    // A look-up would come shortly before the deadline of 5 s. An instance that has just started may not listen yet, and while the group
    // shares its partitions out anew the event log takes its time.
    const isQuick = async (api: string) => {
      const { status, ms } = await ask(api);
      return status === 200 && ms < 2_000;
    };
    await untilTrue(async () => (await isQuick(ingest.api)) && (await isQuick(second)));
  });
});
