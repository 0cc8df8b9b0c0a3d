import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { LabelsAnswer, type LabelAnswer } from '@trancendos/contracts/http';
import { newId } from '@trancendos/platform/new-id';
import pg from 'pg';
import { runTestIngest, type TestIngest } from './run-test-ingest.ts';
import { tendIdempotencyKeys } from './tend-idempotency-keys.ts';
import { codeOf, jsonOf, payment, TestMerchant, untilTrue, type Sending } from './test-merchant.ts';

// What is proven here is not how fast a busy machine is.
jest.setTimeout(30_000);

let ingest: TestIngest;

beforeAll(async () => {
  ingest = await runTestIngest();
}, 60_000);

afterEach(async () => {
  ingest.deciding = true;
  await ingest.decideRest();
});

afterAll(async () => {
  await ingest.stop();
}, 30_000);

const merchant = new TestMerchant(() => ingest);
const send = (sending: Sending) => merchant.send(sending);
const pay = (body: unknown, key: string, sending?: Sending) => merchant.pay(body, key, sending);
const publishedOf = (id: string) => merchant.publishedOf(id);

describe('a label', () => {
  const label = (id: string) => ({ transaction_id: id, fraud: true, source: 'bank', known_at: new Date().toISOString() });

  test('travels with the facts of its transaction, and once however often it is sent', async () => {
    const body = payment();
    await pay(body, body.transaction_id);
    const said = label(body.transaction_id);
    const first = await send({ path: '/v1/labels', body: said });
    const again = await send({ path: '/v1/labels', body: said, headers: { 'idempotency-key': 'label-1' } });
    expect([first.status, again.text, again.headers.get('idempotent-replayed')]).toEqual([200, first.text, 'true']);
    await untilTrue(() => publishedOf(body.transaction_id).length === 2);
    expect(publishedOf(body.transaction_id)[1]).toMatchObject({
      ...said,
      label_id: (jsonOf(first) as LabelAnswer).label_id,
      subject: 'ACC-00017',
      terminal_id: 'T-00042',
      occurred_at: body.occurred_at,
    });
  });

  test('that says the opposite is another one', async () => {
    const body = payment();
    await pay(body, body.transaction_id);
    const said = label(body.transaction_id);
    const answers = [await send({ path: '/v1/labels', body: said }), await send({ path: '/v1/labels', body: { ...said, fraud: false } })];
    expect(new Set(answers.map((answer) => (jsonOf(answer) as LabelAnswer).label_id)).size).toBe(2);
  });

  test('under the key of another is refused', async () => {
    const body = payment();
    await pay(body, body.transaction_id);
    const headers = { 'idempotency-key': newId('key') };
    await send({ path: '/v1/labels', body: label(body.transaction_id), headers });
    expect(codeOf(await send({ path: '/v1/labels', body: { ...label(body.transaction_id), fraud: false }, headers }))).toBe(
      'idempotency_key_reused',
    );
  });

  test('that corrects another holds, and the history stays', async () => {
    const body = payment();
    await pay(body, body.transaction_id);
    const warned = { ...label(body.transaction_id), source: 'network', kind: 'early_warning' };
    const won = { ...label(body.transaction_id), fraud: false, kind: 'dispute_won' };
    const answers = [await send({ path: '/v1/labels', body: warned }), await send({ path: '/v1/labels', body: won })];
    expect(answers.map(jsonOf)).toMatchObject([
      { kind: 'early_warning', maturity: 'provisional', status: 'counted' },
      { kind: 'dispute_won', maturity: 'final', fraud: false },
    ]);
    const listed = LabelsAnswer.parse(jsonOf(await send({ method: 'GET', path: `/v1/transactions/${body.transaction_id}/labels` })));
    expect([listed.holds, listed.labels.map(({ kind }) => kind)]).toEqual([listed.labels[0]?.label_id, ['dispute_won', 'early_warning']]);
    const contrary = await send({ path: '/v1/labels', body: { ...warned, kind: 'genuine' } });
    expect(jsonOf(contrary)).toMatchObject({ code: 'invalid_field', errors: [{ pointer: '/kind' }] });
  });

  test('of a transaction that has not come is parked, and counts when it comes; of that of another merchant it never does', async () => {
    const body = payment();
    const said = label(body.transaction_id);
    const first = await send({ path: '/v1/labels', body: said });
    const again = await send({ path: '/v1/labels', body: said });
    await send({ path: '/v1/labels', body: said, merchant: 1 });
    expect([first.status, jsonOf(first), again.text]).toMatchObject([202, { status: 'parked' }, first.text]);
    await pay(body, body.transaction_id);
    await untilTrue(() => publishedOf(body.transaction_id).length === 2);
    expect(publishedOf(body.transaction_id)[1]).toMatchObject({ ...said, subject: 'ACC-00017', occurred_at: body.occurred_at });
    const counted = await send({ path: '/v1/labels', body: said });
    expect([counted.status, jsonOf(counted)]).toMatchObject([
      200,
      { label_id: (jsonOf(first) as LabelAnswer).label_id, status: 'counted' },
    ]);
    expect(codeOf(await send({ method: 'GET', path: '/v1/transactions/nothing/labels' }))).toBe('transaction_unknown');
  });
});

describe('an idempotency key', () => {
  const day = (offset: number) => new Date(Date.now() + offset * 86_400_000);
  let pool: pg.Pool;
  beforeAll(() => {
    pool = new pg.Pool({ connectionString: ingest.databaseUrl, max: 1 });
  });
  afterAll(() => pool.end());

  test('is kept for more than a day, and goes with the partition of its day after that', async () => {
    const body = payment();
    const first = await pay(body, 'the-key');
    // As if it had been claimed shortly before midnight.
    await pool.query('UPDATE ingest.idempotency_keys SET day = $1 WHERE idempotency_key = $2', [
      day(-1).toISOString().slice(0, 10),
      'the-key',
    ]);
    const again = await pay(body, 'the-key');
    expect([again.text, again.headers.get('idempotent-replayed')]).toEqual([first.text, 'true']);
    expect(codeOf(await pay(payment(), 'the-key'))).toBe('idempotency_key_reused');
    expect(await tendIdempotencyKeys(pool, day(1).getTime())).toBe(0);
    expect(await tendIdempotencyKeys(pool, day(2).getTime())).toBe(1);
    expect((await pay(payment(), 'the-key')).status).toBe(200);
    // The id of a transaction is its own for ever.
    expect((await pay(body, 'another-key')).text).toBe(first.text.replace('"status":"new"', '"status":"duplicate"'));
  });

  test('that a crash of the database has taken with its claim causes no second effect, and the payment stays known', async () => {
    ingest.deciding = false;
    const body = payment();
    expect((await pay(body, body.transaction_id)).status).toBe(202);
    for (const table of ['transactions', 'idempotency_keys'])
      await pool.query(`DELETE FROM ingest.${table} WHERE transaction_id = $1`, [body.transaction_id]);
    await ingest.restart();
    await ingest.decideRest();
    const isKnown = async () =>
      (await pool.query('SELECT FROM ingest.transactions WHERE transaction_id = $1', [body.transaction_id])).rowCount === 1;
    await untilTrue(isKnown);
    const answerOf = async () => (await send({ method: 'GET', path: `/v1/transactions/${body.transaction_id}` })).text;
    const repeated = await pay(body, body.transaction_id);
    expect([repeated.text, repeated.headers.get('idempotent-replayed')]).toEqual([await answerOf(), 'true']);
    expect(codeOf(await pay({ ...body, amount_minor: 1 }, body.transaction_id))).toBe('transaction_id_reused');
    expect(publishedOf(body.transaction_id)).toHaveLength(1);
  }, 30_000);
});
