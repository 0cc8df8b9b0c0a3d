import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
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

/** Sends payments at a fixed rate, whatever becomes of them; gives the ids that were accepted. */
async function sendUnderLoad(mark: string, midway: () => void): Promise<string[]> {
  const accepted: string[] = [];
  const asked: Promise<void>[] = [];
  const total = RATE_PER_SECOND * SECONDS;
  const startedMs = performance.now();
  for (let index = 0; index < total; index++) {
    const dueMs = startedMs + (index / RATE_PER_SECOND) * 1000;
    if (dueMs > performance.now()) await new Promise((resolve) => setTimeout(resolve, dueMs - performance.now()));
    if (index === Math.floor(total / 3)) midway();
    const id = `${mark}-${index}`;
    const body = payment(id, { payer: { account_id: `ACC-${mark}-${index % 40}` }, amount_minor: 100 + index });
    asked.push(
      postTransaction(platform, body).then(
        ({ status }) => {
          if (status === 200 || status === 202) accepted.push(id);
        },
        () => undefined, // nobody answered, so nothing was accepted as far as the merchant knows
      ),
    );
  }
  await Promise.all(asked);
  return accepted;
}

describe('killed under load', () => {
  test.each(['scoring', 'ledger', 'ingest'] as const)(
    '%s comes back, every accepted transaction has exactly one outcome, and debits equal credits',
    async (service) => {
      const accepted = await sendUnderLoad(`kill-${service}`, () => platform.kill(service, 'SIGKILL'));
      expect(accepted.length).toBeGreaterThan((RATE_PER_SECOND * SECONDS) / 4);
      await waitUntil('an ordinary answer', async () => {
        const answer = await postTransaction(platform, payment(`after-${service}`)).catch(() => undefined);
        return answer?.status === 200;
      });
      const counts = new Map<string, number>();
      await waitUntil('an outcome for every accepted transaction', async () => {
        counts.clear();
        const numbered = new Map((await reader.readAll('outcomes')).map((outcome) => [outcome.ledger_seq, outcome]));
        for (const { transaction } of numbered.values()) {
          counts.set(transaction.transaction_id, (counts.get(transaction.transaction_id) ?? 0) + 1);
        }
        return accepted.every((id) => counts.has(id));
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
    const plan = { rate: 50, seconds: 6, killAtSecond: 2, deadlineMs: 1_000, slackMs: 2_000 };
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
