import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ArchivedDecision, ArchiveProblem, DecisionPage, EntityProfile, Insights } from '@trancendos/contracts/archive';
import { CALLER_HEADER } from '@trancendos/contracts/caller';
import type { Capability } from '@trancendos/contracts/session';
import { signCaller } from '@trancendos/platform/caller-identity';
import { nowMs } from '@trancendos/platform/clock';
import { pino } from 'pino';
import { request } from 'undici';
import type { z } from 'zod';
import { openTestArchive, type TestArchive } from './open-test-archive.ts';
import { sampleLabel, sampleOutcome, SAMPLES_FROM_MS } from './sample-outcome.ts';
import { serveReviewApi } from './serve-review-api.ts';

const KEY = { id: 'test', secret: Buffer.alloc(32, 7) };
const HOUR_MS = 3_600_000;
const instant = (atMs: number) => new Date(atMs).toISOString();
const NOON = instant(SAMPLES_FROM_MS);
const FOUR = instant(SAMPLES_FROM_MS + 4 * HOUR_MS);

/** Four hours, forty decisions: each tenth declined, one of those fraud and one genuine; each tenth held, one of those fraud; one approved fraud. */
const outcomes = Array.from({ length: 40 }, (_, index) =>
  sampleOutcome({
    seq: index + 1,
    atMs: SAMPLES_FROM_MS + index * 0.1 * HOUR_MS,
    merchantId: index < 30 ? 'shop-0' : 'shop-1',
    action: index % 10 === 0 ? 'decline' : index % 10 === 5 ? 'review' : 'approve',
    score: index % 10 === 0 ? 1_000 : 20,
    amountMinor: 1_000 + index,
    reasons: index % 10 === 0 ? ['terminal_known_frauds', 'amount_high'] : ['amount_as_usual'],
    timings: { scoring: 4 },
    terminalId: 'T-1',
  }),
);
const labels = [
  sampleLabel({ n: 1, transactionId: 'tx-1', merchantId: 'shop-0' }),
  sampleLabel({ n: 2, transactionId: 'tx-11', merchantId: 'shop-0', fraud: false }),
  sampleLabel({ n: 3, transactionId: 'tx-6', merchantId: 'shop-0' }),
  sampleLabel({ n: 4, transactionId: 'tx-2', merchantId: 'shop-0' }),
];

let archive: TestArchive;
let api: Awaited<ReturnType<typeof serveReviewApi>>;
beforeAll(async () => {
  archive = await openTestArchive();
  await archive.deliver(archive.start(), { outcomes, labels });
  api = await serveReviewApi({ port: 0, parts: { reads: archive.reads }, callerKeys: [KEY], log: pino({ level: 'silent' }) });
}, 60_000);
afterAll(async () => {
  await api.stop();
  await archive.close();
});

async function get<T>(path: string, shape: z.ZodType<T>): Promise<T> {
  const { statusCode, body } = await request(`http://127.0.0.1:${api.port}${path}`);
  const answer: unknown = await body.json();
  expect([path, statusCode, answer]).toEqual([path, 200, answer]);
  return shape.parse(answer);
}
async function refused(path: string, method: 'GET' | 'POST' = 'GET'): Promise<unknown> {
  const { headers, body } = await request(`http://127.0.0.1:${api.port}${path}`, { method });
  expect(headers['content-type']).toBe('application/problem+json; charset=utf-8');
  const { code, errors = [] } = ArchiveProblem.parse(await body.json());
  return [code, ...errors.map(({ pointer }) => pointer)];
}

describe('the API of the archive', () => {
  test('gives a decision by its id and by its transaction', async () => {
    const byTransaction = await get('/v1/transactions/shop-0/tx-1', ArchivedDecision);
    expect(byTransaction.outcome).toEqual(outcomes[0]);
    expect(byTransaction.label?.kind).toBe('confirmed_fraud');
    expect(await get(`/v1/decisions/${outcomes[0]!.decision_id}`, ArchivedDecision)).toEqual(byTransaction);
  });

  test('gives pages of decisions', async () => {
    const first = await get('/v1/decisions?merchant=shop-0&action=decline&limit=2', DecisionPage);
    const second = await get(`/v1/decisions?merchant=shop-0&action=decline&limit=2&cursor=${first.next_cursor}`, DecisionPage);
    expect([...first.decisions, ...second.decisions].map(({ transaction_id }) => transaction_id)).toEqual(['tx-21', 'tx-11', 'tx-1']);
    expect(second.next_cursor).toBeNull();
  });

  test('says what is wrong with a question', async () => {
    expect(await refused('/v1/decisions?limit=201&nothing=1&from=yesterday')).toEqual(['invalid_field', '/from', '/limit', '/nothing']);
    expect(await refused('/v1/decisions?cursor=xyz')).toEqual(['invalid_field', '/cursor']);
    expect(await refused('/v1/decisions?amount_min=100')).toEqual(['invalid_field', '/currency']);
    expect(await refused(`/v1/insights?from=${FOUR}&to=${NOON}`)).toEqual(['invalid_field', '/to']);
    expect(await refused(`/v1/insights?from=${NOON}&to=2036-01-01T00:00:00.000Z&step=1m`)).toEqual(['invalid_field', '/step']);
    expect(await refused('/v1/transactions/shop-0/none')).toEqual(['not_found']);
    expect(await refused('/v1/entities/planet/mars')).toEqual(['not_found']);
    expect(await refused('/v1/entities/card/none')).toEqual(['not_found']);
    expect(await refused('/nothing')).toEqual(['not_found']);
    expect(await refused('/v1/decisions', 'POST')).toEqual(['method_not_allowed']);
  });
});

describe('a profile', () => {
  test('of an account counts what it did and whom it met', async () => {
    const profile = await get('/v1/entities/account/ACC-1', EntityProfile);
    expect(profile).toMatchObject({
      counted: 40,
      complete: true,
      first_seen_at: outcomes[0]!.committed_at,
      last_seen_at: outcomes[39]!.committed_at,
      actions: { approve: 32, review: 4, decline: 4 },
      labels: { fraud: 3, genuine: 1, none: 36 },
      amounts: [{ currency: 'EUR', decisions: 40, amount_minor: '40780', fraud_minor: '3006' }],
      days: [{ day: NOON.slice(0, 10), approve: 32, review: 4, decline: 4, fraud: 3 }],
      counterparts: { account: [], card: [], terminal: [{ id: 'T-1', decisions: 40 }] },
    });
    expect(profile.counterparts.merchant.map(({ id, decisions }) => [id, decisions])).toEqual([
      ['shop-0', 30],
      ['shop-1', 10],
    ]);
  });

  test('of a merchant counts the same from its sums', async () => {
    const profile = await get('/v1/entities/merchant/shop-1', EntityProfile);
    expect(profile).toMatchObject({ counted: 10, complete: true, actions: { approve: 8, review: 1, decline: 1 }, labels: { none: 10 } });
  });
});

describe('insights', () => {
  test('count, compare with the time before, and draw', async () => {
    const insights = await get(`/v1/insights?from=${NOON}&to=${FOUR}&step=1h`, Insights);
    expect(insights.totals).toMatchObject({
      decisions: 40,
      ...{ approve: 32, review: 4, decline: 4, fraud: 3, genuine: 1, false_positives: 1, frauds_stopped: 2 },
      ...{ approval_rate: 0.8, review_rate: 0.1, decline_rate: 0.1, fraud_rate: 0.075, false_positive_rate: 1 / 3 },
      money: [{ currency: 'EUR', decided_minor: '40780', lost_minor: '1001', prevented_minor: '2005', false_positive_minor: '1010' }],
    });
    expect(insights.previous).toMatchObject({ to: NOON, totals: { decisions: 0, approval_rate: null } });
    expect(insights.series.map(({ at, decisions }) => [Date.parse(at) - SAMPLES_FROM_MS, decisions])).toEqual(
      [0, 1, 2, 3].map((hour) => [hour * HOUR_MS, 10]),
    );
    expect(insights.latency.find(({ stage }) => stage === 'scoring')).toMatchObject({ decisions: 40, p50: 4, p99: 4.98 });
    expect(insights.scores.map(({ approve, decline }) => approve + decline).filter((count) => count > 0)).toEqual([32, 4]);
    expect(insights.reasons.map(({ code, decisions }) => [code, decisions])).toEqual([
      ['amount_as_usual', 36],
      ['amount_high', 4],
      ['terminal_known_frauds', 4],
    ]);
    expect(insights.merchants.map(({ merchant_id, totals }) => [merchant_id, totals.decisions, totals.fraud])).toEqual([
      ['shop-0', 30, 3],
      ['shop-1', 10, 0],
    ]);
  });

  test('of a part of the time and of one merchant add up to the whole', async () => {
    const cut = instant(SAMPLES_FROM_MS + 2.5 * HOUR_MS);
    const [before, after] = [
      await get(`/v1/insights?from=${NOON}&to=${cut}&merchant=shop-0`, Insights),
      await get(`/v1/insights?from=${cut}&to=${FOUR}&merchant=shop-0`, Insights),
    ];
    expect([before.totals.decisions, after.totals.decisions]).toEqual([25, 5]);
    expect([before.step, before.merchants]).toEqual(['1m', []]);
    expect(after.previous.totals.decisions).toBe(15);
  });

  test('are exported as tables', async () => {
    const { headers, body } = await request(
      `http://127.0.0.1:${api.port}/v1/insights?from=${NOON}&to=${FOUR}&step=1h&format=csv&table=merchants`,
    );
    expect(headers['content-disposition']).toMatch(/^attachment; filename="insights-merchants-/);
    const lines = (await body.text()).split('\r\n');
    expect(lines[0]).toMatch(/^merchant_id,decisions,approve,review,decline,/);
    expect(lines.slice(1).map((line) => line.split(',').slice(0, 2))).toEqual([['shop-0', '30'], ['shop-1', '10'], ['']]);
  });
});

describe('whoever asks through the console', () => {
  const ask = async (path: string, capabilities: readonly Capability[], key = KEY) => {
    const identity = { user_id: 'usr_1', name: 'Ada', roles: ['analyst'], request_id: 'req_0198a000-0000-7000-8000-000000000000' };
    const caller = signCaller({ ...identity, capabilities: [...capabilities], audience: 'review' }, key, nowMs());
    const { statusCode, body } = await request(`http://127.0.0.1:${api.port}${path}`, { headers: { [CALLER_HEADER]: caller } });
    await body.dump();
    return statusCode;
  };
  const insights = `/v1/insights?from=${NOON}&to=${FOUR}`;

  test('reads what their roles allow, and nothing else', async () => {
    expect(await ask('/v1/decisions', ['decisions:read'])).toBe(200);
    expect(await ask('/v1/decisions', ['insights:read'])).toBe(403);
    expect(await ask('/v1/entities/account/ACC-1', ['live:read'])).toBe(403);
    expect(await ask(insights, ['insights:read'])).toBe(200);
    expect(await ask(insights, ['decisions:read'])).toBe(403);
    expect(await ask(`${insights}&format=csv`, ['insights:read'])).toBe(403);
    expect(await ask(`${insights}&format=csv`, ['insights:read', 'insights:export'])).toBe(200);
  });

  test('is not believed under a key that nobody knows', async () => {
    expect(await ask('/v1/decisions', ['decisions:read'], { id: 'test', secret: Buffer.alloc(32, 8) })).toBe(401);
  });
});
