import { describe, expect, test } from '@jest/globals';
import { Problem, TransactionAnswer } from '@trancendos/contracts/http';
import { OperationAnswer } from '@trancendos/contracts/operation';
import { request } from 'undici';
import { payment, postTransaction, type Merchant } from './post-transaction.ts';
import { waitUntil } from './wait-until.ts';

interface Asked {
  readonly status: number;
  readonly text: string;
  readonly json: unknown;
}

/** What becomes of a payment's money after its decision, on a running platform: against the real ledger. */
export function describeOperations(platform: () => Merchant & { readonly ledger: string }): void {
  let keys = 0;
  const ask = async (id: string, operation: string, body: object = {}, key = `op-${++keys}`): Promise<Asked> => {
    const response = await request(`${platform().api}/v1/transactions/${id}/${operation}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${platform().apiKey}`, 'content-type': 'application/json', 'idempotency-key': key },
      body: JSON.stringify(body),
    });
    const text = await response.body.text();
    return { status: response.statusCode, text, json: JSON.parse(text) };
  };
  const applied = async (id: string, operation: string, body?: object) => {
    const asked = await ask(id, operation, body);
    expect([asked.status, asked.text]).toEqual([200, asked.text]);
    return OperationAnswer.parse(asked.json);
  };
  const codeOf = async (id: string, operation: string, body?: object) => Problem.parse((await ask(id, operation, body)).json).code;
  const moneyOf = async (id: string) => {
    const found = await request(`${platform().api}/v1/transactions/${id}`, { headers: { authorization: `Bearer ${platform().apiKey}` } });
    return TransactionAnswer.parse(await found.body.json()).money;
  };
  const balanceOf = async (account: string) => {
    const found = await request(`${platform().ledger}/v1/accounts/customer:${account}:EUR`);
    const { debits_posted, debits_pending, credits_posted } = (await found.body.json()) as Record<string, string>;
    return { spent: Number(debits_posted), held: Number(debits_pending), received: Number(credits_posted) };
  };
  /** The balances that consoles see follow a commit within moments. */
  const untilBalance = (account: string, expected: { spent?: number; held?: number; received?: number }) =>
    waitUntil(`${account} at ${JSON.stringify(expected)}`, async () => {
      const balance = await balanceOf(account);
      return (['spent', 'held', 'received'] as const).every((name) => expected[name] === undefined || expected[name] === balance[name]);
    });
  const hold = async (id: string) => {
    const payer = { account_id: `ACC-${id}` };
    const { answer } = await postTransaction(platform(), payment(id, { payer, capture: 'manual' }));
    expect(answer).toMatchObject({ action: 'approve', money: { state: 'pending', pending_minor: 1249, posted_minor: 0 } });
    return payer.account_id;
  };

  describe('money after the decision', () => {
    test('that is held is captured in parts, the rest released, and refunded over all of its parts', async () => {
      const payer = await hold('op-parts');
      const opening = (await balanceOf(payer)).received;
      expect((await applied('op-parts', 'capture', { amount_minor: 400, final: false })).money).toMatchObject({
        state: 'pending',
        pending_minor: 849,
        posted_minor: 400,
      });
      expect(await codeOf('op-parts', 'capture', { amount_minor: 850 })).toBe('capture_exceeds_hold');
      const last = await applied('op-parts', 'capture', { amount_minor: 600 });
      expect(last.money).toMatchObject({ state: 'posted', pending_minor: 0, posted_minor: 1_000, expires_at: null });
      await untilBalance(payer, { spent: 1_000, held: 0, received: opening });
      expect(await codeOf('op-parts', 'capture')).toBe('already_captured');
      expect(await codeOf('op-parts', 'refund', { amount_minor: 1_001 })).toBe('refund_exceeds_posted');
      const refund = await applied('op-parts', 'refund', { amount_minor: 700, reason: 'one of two came back' });
      expect([refund.amount_minor, refund.transfer_ids.length]).toEqual([700, 2]);
      expect((await applied('op-parts', 'refund')).amount_minor).toBe(300);
      expect(await codeOf('op-parts', 'refund')).toBe('already_refunded');
      await untilBalance(payer, { spent: 1_000, held: 0, received: opening + 1_000 });
      expect(await moneyOf('op-parts')).toMatchObject({ state: 'posted', posted_minor: 1_000, refunded_minor: 1_000 });
    }, 30_000);

    test('that is held is voided, once', async () => {
      const payer = await hold('op-void');
      await untilBalance(payer, { held: 1249 });
      expect((await applied('op-void', 'void')).money).toMatchObject({ state: 'voided', pending_minor: 0 });
      await untilBalance(payer, { spent: 0, held: 0 });
      expect([await codeOf('op-void', 'void'), await codeOf('op-void', 'capture')]).toEqual(['already_voided', 'already_voided']);
    }, 30_000);

    test('that an analyst would have to look at is captured by its merchant all the same', async () => {
      await postTransaction(platform(), payment('op-review', { payer: { card_token: 'tok_test_review' } }));
      expect((await applied('op-review', 'capture')).money).toMatchObject({ state: 'posted', posted_minor: 1249 });
    }, 30_000);

    test('that was posted at once is refunded, and nothing else', async () => {
      await postTransaction(platform(), payment('op-posted', { payer: { account_id: 'ACC-op-posted' } }));
      expect([await codeOf('op-posted', 'capture'), await codeOf('op-posted', 'void')]).toEqual(['already_captured', 'nothing_held']);
      expect((await applied('op-posted', 'refund', { amount_minor: 249 })).money).toMatchObject({ state: 'posted', refunded_minor: 249 });
    }, 30_000);

    test('that never moved cannot be moved', async () => {
      await postTransaction(platform(), payment('op-declined', { payer: { card_token: 'tok_test_decline' } }));
      expect(await codeOf('op-declined', 'capture')).toBe('nothing_held');
      expect(await codeOf('op-declined', 'refund')).toBe('nothing_posted');
    }, 30_000);

    test('of which 20 refunds are asked at once is never given back twice', async () => {
      const payer = { account_id: 'ACC-op-race' };
      await postTransaction(platform(), payment('op-race', { payer }));
      const before = await balanceOf(payer.account_id);
      const asked = await Promise.all(Array.from({ length: 20 }, () => ask('op-race', 'refund', { amount_minor: 1_000 })));
      expect(asked.filter(({ status }) => status === 200)).toHaveLength(1);
      await untilBalance(payer.account_id, { received: before.received + 1_000 });
    }, 30_000);
  });
}
