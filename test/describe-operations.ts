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

type Platform = Merchant & { readonly ledger: string };

/** Asks for operations, and looks at what the ledger says of them. */
class Asker {
  readonly #platform: () => Platform;
  #keys = 0;

  constructor(platform: () => Platform) {
    this.#platform = platform;
  }

  async ask(id: string, operation: string, body: object = {}): Promise<Asked> {
    const { api, apiKey } = this.#platform();
    const response = await request(`${api}/v1/transactions/${id}/${operation}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json', 'idempotency-key': `op-${++this.#keys}` },
      body: JSON.stringify(body),
    });
    const text = await response.body.text();
    return { status: response.statusCode, text, json: JSON.parse(text) };
  }

  async applied(id: string, operation: string, body?: object): Promise<OperationAnswer> {
    const asked = await this.ask(id, operation, body);
    expect([asked.status, asked.text]).toEqual([200, asked.text]);
    return OperationAnswer.parse(asked.json);
  }

  async codeOf(id: string, operation: string, body?: object): Promise<string> {
    return Problem.parse((await this.ask(id, operation, body)).json).code;
  }

  async moneyOf(id: string) {
    const { api, apiKey } = this.#platform();
    const found = await request(`${api}/v1/transactions/${id}`, { headers: { authorization: `Bearer ${apiKey}` } });
    return TransactionAnswer.parse(await found.body.json()).money;
  }

  async balanceOf(account: string) {
    const found = await request(`${this.#platform().ledger}/v1/accounts/customer:${account}:EUR`);
    const { debits_posted, debits_pending, credits_posted } = (await found.body.json()) as Record<string, string>;
    return { spent: Number(debits_posted), held: Number(debits_pending), received: Number(credits_posted) };
  }

  /** The balances that consoles see follow a commit within moments. */
  async untilBalance(account: string, expected: { spent?: number; held?: number; received?: number }): Promise<void> {
    await waitUntil(`${account} at ${JSON.stringify(expected)}`, async () => {
      const balance = await this.balanceOf(account);
      return (['spent', 'held', 'received'] as const).every((name) => expected[name] === undefined || expected[name] === balance[name]);
    });
  }

  /** A payment that waits to be captured; gives its payer. */
  async hold(id: string): Promise<string> {
    const payer = { account_id: `ACC-${id}` };
    const { answer } = await postTransaction(this.#platform(), payment(id, { payer, capture: 'manual' }));
    expect(answer).toMatchObject({ action: 'approve', money: { state: 'pending', pending_minor: 1249, posted_minor: 0 } });
    return payer.account_id;
  }
}

/** What becomes of a payment's money after its decision, on a running platform: against the real ledger. */
export function describeOperations(platform: () => Platform): void {
  const asker = new Asker(platform);

  describe('money after the decision', () => {
    test('that is held is captured in parts, the rest released, and refunded over all of its parts', async () => {
      const payer = await asker.hold('op-parts');
      const opening = (await asker.balanceOf(payer)).received;
      expect((await asker.applied('op-parts', 'capture', { amount_minor: 400, final: false })).money).toMatchObject({
        state: 'pending',
        pending_minor: 849,
        posted_minor: 400,
      });
      expect(await asker.codeOf('op-parts', 'capture', { amount_minor: 850 })).toBe('capture_exceeds_hold');
      const last = await asker.applied('op-parts', 'capture', { amount_minor: 600 });
      expect(last.money).toMatchObject({ state: 'posted', pending_minor: 0, posted_minor: 1_000, expires_at: null });
      await asker.untilBalance(payer, { spent: 1_000, held: 0, received: opening });
      expect(await asker.codeOf('op-parts', 'capture')).toBe('already_captured');
      expect(await asker.codeOf('op-parts', 'refund', { amount_minor: 1_001 })).toBe('refund_exceeds_posted');
      const refund = await asker.applied('op-parts', 'refund', { amount_minor: 700, reason: 'one of two came back' });
      expect([refund.amount_minor, refund.transfer_ids.length]).toEqual([700, 2]);
      expect((await asker.applied('op-parts', 'refund')).amount_minor).toBe(300);
      expect(await asker.codeOf('op-parts', 'refund')).toBe('already_refunded');
      await asker.untilBalance(payer, { spent: 1_000, held: 0, received: opening + 1_000 });
      expect(await asker.moneyOf('op-parts')).toMatchObject({ state: 'posted', posted_minor: 1_000, refunded_minor: 1_000 });
    }, 30_000);

    test('that is held is voided, once', async () => {
      const payer = await asker.hold('op-void');
      await asker.untilBalance(payer, { held: 1249 });
      expect((await asker.applied('op-void', 'void')).money).toMatchObject({ state: 'voided', pending_minor: 0 });
      await asker.untilBalance(payer, { spent: 0, held: 0 });
      expect([await asker.codeOf('op-void', 'void'), await asker.codeOf('op-void', 'capture')]).toEqual([
        'already_voided',
        'already_voided',
      ]);
    }, 30_000);

    test('that an analyst would have to look at is captured by its merchant all the same', async () => {
      await postTransaction(platform(), payment('op-review', { payer: { card_token: 'tok_test_review' } }));
      expect((await asker.applied('op-review', 'capture')).money).toMatchObject({ state: 'posted', posted_minor: 1249 });
    }, 30_000);

    test('that was posted at once is refunded, and nothing else', async () => {
      await postTransaction(platform(), payment('op-posted', { payer: { account_id: 'ACC-op-posted' } }));
      expect([await asker.codeOf('op-posted', 'capture'), await asker.codeOf('op-posted', 'void')]).toEqual([
        'already_captured',
        'nothing_held',
      ]);
      expect((await asker.applied('op-posted', 'refund', { amount_minor: 249 })).money).toMatchObject({
        state: 'posted',
        refunded_minor: 249,
      });
    }, 30_000);

    test('that never moved cannot be moved', async () => {
      await postTransaction(platform(), payment('op-declined', { payer: { card_token: 'tok_test_decline' } }));
      expect(await asker.codeOf('op-declined', 'capture')).toBe('nothing_held');
      expect(await asker.codeOf('op-declined', 'refund')).toBe('nothing_posted');
    }, 30_000);

    test('of which 20 refunds are asked at once is never given back twice', async () => {
      const payer = { account_id: 'ACC-op-race' };
      await postTransaction(platform(), payment('op-race', { payer }));
      const before = await asker.balanceOf(payer.account_id);
      const asked = await Promise.all(Array.from({ length: 20 }, () => asker.ask('op-race', 'refund', { amount_minor: 1_000 })));
      expect(asked.filter(({ status }) => status === 200)).toHaveLength(1);
      await asker.untilBalance(payer.account_id, { received: before.received + 1_000 });
    }, 30_000);
  });
}
