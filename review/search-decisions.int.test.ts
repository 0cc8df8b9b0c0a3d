import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { DecisionLine } from '@trancendos/contracts/archive';
import type { Outcome } from '@trancendos/contracts/outcome';
import { openTestArchive, type TestArchive } from './open-test-archive.ts';
import { CursorField } from './page-cursor.ts';
import { sampleLabel, sampleOutcome } from './sample-outcome.ts';
import type { DecisionFilter } from './search-decisions.ts';

const DAY_MS = 86_400_000;
const NOW_MS = Date.now();
const CARD = 'tok-9';

/** Three hundred decisions over sixty days, the newest last. */
const outcomes: Outcome[] = Array.from({ length: 300 }, (_, index) =>
  sampleOutcome({
    seq: index + 1,
    atMs: NOW_MS - 60 * DAY_MS + index * (DAY_MS / 5),
    merchantId: `shop-${index % 3}`,
    payer: index % 7 === 0 ? { card_token: CARD } : { account_id: `ACC-${index % 11}` },
    terminalId: `T-${index % 4}`,
    action: index % 10 === 0 ? 'decline' : index % 5 === 0 ? 'review' : 'approve',
    score: (index * 37) % 1_001,
    amountMinor: 100 * (index % 20),
    currency: index % 2 === 0 ? 'EUR' : 'USD',
    model: index % 50 === 0 ? null : 'luminous-2',
    reasons: index % 6 === 0 ? ['velocity_high'] : ['amount_as_usual'],
  }),
);

let archive: TestArchive;
beforeAll(async () => {
  archive = await openTestArchive();
  const labels = [
    sampleLabel({ n: 1, transactionId: 'tx-1', merchantId: 'shop-0' }),
    sampleLabel({ n: 2, transactionId: 'tx-5', merchantId: 'shop-1', fraud: false }),
  ].map((label) => ({ ...label, occurred_at: new Date(NOW_MS - 60 * DAY_MS).toISOString() }));
  await archive.deliver(archive.start(), { outcomes, labels });
}, 60_000);
afterAll(() => archive.close());

async function collect(filter: DecisionFilter, limit: number): Promise<DecisionLine[]> {
  const found: DecisionLine[] = [];
  let cursor: string | null | undefined;
  for (let pages = 0; cursor !== null; pages++) {
    expect(pages).toBeLessThan(400);
    const after = cursor === undefined ? undefined : CursorField.parse(cursor);
    const page = await archive.reads.search({ ...filter, after, limit });
    expect(page.decisions.length).toBeLessThanOrEqual(limit);
    found.push(...page.decisions);
    cursor = page.next_cursor;
  }
  return found;
}

const expected = (fits: (outcome: Outcome) => boolean) =>
  outcomes
    .filter(fits)
    .map(({ ledger_seq }) => ledger_seq)
    .reverse();
const atOf = (seq: number) => outcomes[seq - 1]!.committed_at;

describe('decisions are found, the newest first,', () => {
  test.each<[string, DecisionFilter, (outcome: Outcome) => boolean]>([
    ['all of them', {}, () => true],
    ['by account', { accountId: 'ACC-3' }, ({ transaction }) => transaction.payer.account_id === 'ACC-3'],
    ['by card', { cardToken: CARD }, ({ transaction }) => transaction.payer.card_token === CARD],
    ['by merchant', { merchantId: 'shop-2' }, ({ transaction }) => transaction.merchant_id === 'shop-2'],
    ['by terminal', { terminalId: 'T-1' }, ({ transaction }) => transaction.terminal_id === 'T-1'],
    ['by transaction', { transactionId: 'tx-17' }, ({ ledger_seq }) => ledger_seq === 17],
    [
      'by an amount',
      { amountMinMinor: 400, amountMaxMinor: 400, currency: 'EUR' },
      ({ transaction }) => transaction.amount_minor === 400 && transaction.currency === 'EUR',
    ],
    [
      'by a range of amounts',
      { amountMinMinor: 300, amountMaxMinor: 700, currency: 'USD' },
      ({ transaction: { amount_minor, currency } }) => amount_minor >= 300 && amount_minor <= 700 && currency === 'USD',
    ],
    [
      'by merchant, action and score',
      { merchantId: 'shop-0', action: 'decline', scoreMin: 100, scoreMax: 800 },
      ({ transaction, action, score, versions }) =>
        transaction.merchant_id === 'shop-0' && action === 'decline' && score >= 100 && score <= 800 && versions.model !== null,
    ],
    ['by reason', { reason: 'velocity_high' }, ({ reasons }) => reasons[0]?.code === 'velocity_high'],
    ['by model', { model: 'luminous-2' }, ({ versions }) => versions.model === 'luminous-2'],
    ['by label', { label: 'fraud' }, ({ ledger_seq }) => ledger_seq === 1],
    ['by a label that says genuine', { label: 'genuine' }, ({ ledger_seq }) => ledger_seq === 5],
    [
      'without label',
      { label: 'none', merchantId: 'shop-0' },
      ({ transaction, ledger_seq }) => transaction.merchant_id === 'shop-0' && ledger_seq !== 1,
    ],
    ['by time', { from: atOf(50), to: atOf(90) }, ({ ledger_seq }) => ledger_seq >= 50 && ledger_seq < 90],
  ])('%s, in pages of any size', async (_name, filter, fits) => {
    for (const limit of [23, 200]) expect((await collect(filter, limit)).map(({ ledger_seq }) => ledger_seq)).toEqual(expected(fits));
  });

  test('in pages that neither repeat nor miss one while others arrive', async () => {
    const first = await archive.reads.search({ merchantId: 'shop-1', limit: 20 });
    const archivist = archive.start();
    const arriving = Array.from({ length: 10 }, (_, index) =>
      sampleOutcome({ seq: 1_000 + index, atMs: NOW_MS + 1_000 + index, merchantId: 'shop-1' }),
    );
    await archive.deliver(archivist, { outcomes: arriving });
    const second = await archive.reads.search({ merchantId: 'shop-1', limit: 20, after: CursorField.parse(first.next_cursor) });
    const seen = [...first.decisions, ...second.decisions].map(({ ledger_seq }) => ledger_seq);
    expect(seen).toEqual(expected(({ transaction }) => transaction.merchant_id === 'shop-1').slice(0, 40));
  });
});

describe('a look-up', () => {
  /** Every scan in the plan of what the reads really ask, with how many partitions it may touch. */
  async function explain(work: (pool: { query: never }) => Promise<unknown>): Promise<string[]> {
    const plans: string[] = [];
    const query = async (text: string, values: unknown[]) => {
      const { rows } = await archive.reading.pool.query<{ 'QUERY PLAN': string }>(`EXPLAIN ${text}`, values);
      plans.push(rows.map((row) => row['QUERY PLAN']).join('\n'));
      return archive.reading.pool.query(text, values);
    };
    await work({ query: query as never });
    return plans;
  }

  test.each<[string, DecisionFilter, string]>([
    ['account', { accountId: 'ACC-3' }, 'account_id_committed_at_ledger_seq_idx'],
    ['card', { cardToken: CARD }, 'card_token_committed_at_ledger_seq_idx'],
    ['merchant', { merchantId: 'shop-2' }, 'merchant_id_committed_at_ledger_seq_idx'],
    ['terminal', { terminalId: 'T-1' }, 'terminal_id_committed_at_ledger_seq_idx'],
    ['transaction', { transactionId: 'tx-290' }, 'transaction_id_merchant_id_idx'],
    ['amount', { amountMinMinor: 400, amountMaxMinor: 400, currency: 'EUR' }, 'amount_minor_currency_committed_at_ledge_idx'],
    ['time', {}, 'pkey'],
  ])('by %s goes through an index, newest days first, and reads no table from end to end', async (_name, filter, index) => {
    const { searchDecisions } = await import('./search-decisions.ts');
    const keptSince = new Date(NOW_MS - 90 * DAY_MS).toISOString();
    const plans = await explain((pool) => searchDecisions(pool, { ...filter, keptSince, limit: 5 }));
    for (const plan of plans) {
      expect(plan).toContain(index);
      expect(plan).not.toMatch(/Seq Scan|Bitmap/);
    }
    const partitions = new Set(plans[0]?.match(/decisions_\d{8}(?= )/g));
    expect(partitions.size).toBeGreaterThan(0);
    expect(partitions.size).toBeLessThanOrEqual(3);
  });
});
