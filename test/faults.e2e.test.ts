import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { TransactionAnswer } from '@trancendos/contracts/http';
import { request } from 'undici';
import { killScoringUnderLoad } from './kill-under-load.ts';
import { payment, postTransaction } from './post-transaction.ts';
import { TopicReader } from './read-topic.ts';
import { startTestPlatform, type TestPlatform } from './start-test-platform.ts';
import { waitUntil } from './wait-until.ts';

const RATE_PER_SECOND = 150;
const SECONDS = 7;

let platform: TestPlatform;
let reader: TopicReader;

beforeAll(async () => {
  platform = await startTestPlatform();
  reader = await TopicReader.connect(platform.brokers.split(','));
  await postTransaction(platform, payment('warm-up'));
}, 120_000);

afterAll(async () => {
  await reader.stop();
  await platform.stop();
}, 60_000);

interface Sent {
  /** Answers with a decision or the promise of one, by transaction. */
  readonly accepted: Map<string, TransactionAnswer>;
  /** What was refused or not answered at all: the merchant does not know what became of it. */
  readonly unknown: Record<string, unknown>[];
}

/** Sends payments at a fixed rate, whatever becomes of them. */
async function sendUnderLoad(mark: string, midway: () => void): Promise<Sent> {
  const accepted = new Map<string, TransactionAnswer>();
  const unknown: Record<string, unknown>[] = [];
  const asked: Promise<void>[] = [];
  const total = RATE_PER_SECOND * SECONDS;
  const startedMs = performance.now();
  for (let index = 0; index < total; index++) {
    const dueMs = startedMs + (index / RATE_PER_SECOND) * 1000;
    if (dueMs > performance.now()) await new Promise((resolve) => setTimeout(resolve, dueMs - performance.now()));
    if (index === Math.floor(total / 3)) midway();
    const id = `${mark}-${index}`;
    const body = payment(id, { payer: { account_id: `ACC-${mark}-${index % 40}` }, amount_minor: 100 + index });
    const ask = async (): Promise<void> => {
      const posted = await postTransaction(platform, body).catch(() => undefined);
      if (posted?.status === 200 || posted?.status === 202) accepted.set(id, posted.answer);
      else unknown.push(body);
    };
    asked.push(ask());
  }
  await Promise.all(asked);
  return { accepted, unknown };
}

const AT_ONCE = 50;

/** Gives each item to `work`, some of them at a time. */
async function forEach<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  for (let start = 0; start < items.length; start += AT_ONCE) await Promise.all(items.slice(start, start + AT_ONCE).map(work));
}

/** Answers that were given and are not what is told now: the decision and where its money went never change. */
async function findChanged(accepted: ReadonlyMap<string, TransactionAnswer>): Promise<string[]> {
  const changed: string[] = [];
  const headers = { authorization: `Bearer ${platform.apiKey}` };
  await forEach([...accepted], async ([id, { decision_id, money }]) => {
    const now = await waitUntil(`the answer to ${id}`, async () => {
      const { body } = await request(`${platform.api}/v1/transactions/${id}`, { headers });
      const answer = (await body.json()) as TransactionAnswer;
      return answer.decision_id !== null && answer;
    });
    if (decision_id === null) return; // a promise, and kept
    if (now.decision_id !== decision_id || now.money?.transfer_id !== money?.transfer_id || now.money?.state !== money?.state)
      changed.push(id);
  });
  return changed;
}

describe('killed under load', () => {
  test.each(['scoring', 'ledger', 'ingest', 'postgres'] as const)(
    '%s comes back, no answer that was given has changed, every transaction has one outcome, and debits equal credits',
    async (service) => {
      const { accepted, unknown } = await sendUnderLoad(`kill-${service}`, () => platform.kill(service, 'SIGKILL'));
      expect(accepted.size).toBeGreaterThan((RATE_PER_SECOND * SECONDS) / 4);
      await waitUntil('an ordinary answer', async () => {
        const answer = await postTransaction(platform, payment(`after-${service}`)).catch(() => undefined);
        return answer?.status === 200;
      });
      // What the database had not put on its disk is forgotten with it, claims included: the same keys again must have no second effect.
      await forEach(unknown, async (body) => expect((await postTransaction(platform, body)).status).toBe(200));
      expect(await findChanged(accepted)).toEqual([]);
      const sent = [...accepted.keys(), ...unknown.map((body) => String(body['transaction_id']))];
      const counts = new Map<string, number>();
      await waitUntil('an outcome for every transaction', async () => {
        counts.clear();
        const numbered = new Map((await reader.readAll('outcomes')).map((outcome) => [outcome.ledger_seq, outcome]));
        for (const { transaction } of numbered.values()) {
          counts.set(transaction.transaction_id, (counts.get(transaction.transaction_id) ?? 0) + 1);
        }
        return sent.every((id) => counts.has(id));
      });
      expect([...counts].filter(([, count]) => count !== 1)).toEqual([]);
      const summary = (await (await request(`${platform.ledger}/v1/summary`)).body.json()) as { currencies: { balanced: boolean }[] };
      expect(summary.currencies.map(({ balanced }) => balanced)).toEqual([true]);
      const invariants = (await (await request(`${platform.ledger}/v1/invariants`)).body.json()) as {
        checks: { name: string; ok: boolean }[];
      };
      expect(invariants.checks.filter(({ ok }) => !ok)).toEqual([]);
    },
    180_000,
  );
});

describe('scoring, killed under load,', () => {
  test('leaves no request unanswered at its deadline, says where the policy has decided, and the money agrees in every answer', async () => {
    // As many a second, and as late, as on a machine that everything shares; npm run path:kill-scoring asks for more.
    const plan = { rate: 50, warmUpSeconds: 0, seconds: 6, killAtSecond: 2, deadlineMs: 1_000, slackMs: 2_000 };
    const report = await killScoringUnderLoad(platform, plan);
    expect({ failed: report.failed, disagreeing: report.disagreeing, late: report.late }).toEqual({
      failed: [],
      disagreeing: [],
      late: [],
    });
    expect(report.answered).toBe(report.asked);
    expect(report.degraded + report.pending).toBeGreaterThan(0);
    await platform.ready('scoring');
  }, 120_000);
});
