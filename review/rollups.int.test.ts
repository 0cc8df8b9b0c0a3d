import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Label } from '@trancendos/contracts/label';
import type { Outcome } from '@trancendos/contracts/outcome';
import fc from 'fast-check';
import { openTestArchive, type TestArchive } from './open-test-archive.ts';
import { sampleLabel, sampleOutcome, SAMPLES_FROM_MS } from './sample-outcome.ts';
import { sumNaively, type NaiveSums } from './sum-naively.ts';

let archive: TestArchive;
beforeAll(async () => (archive = await openTestArchive()), 60_000);
afterAll(() => archive.close());

const RUNS = 12;
const MINUTES = 200;

/** Decisions of a few merchants, over some hours around midnight. */
const outcomes = (run: number): fc.Arbitrary<Outcome[]> =>
  fc
    .array(
      fc.record({
        minute: fc.nat({ max: MINUTES }),
        merchantId: fc.constantFrom(`run${run}-a`, `run${run}-b`),
        action: fc.constantFrom('approve', 'review', 'decline'),
        model: fc.constantFrom('luminous-2', 'luminous-3', null),
        actor: fc.constantFrom('luminous', 'policy'),
        score: fc.nat({ max: 1_000 }),
        amountMinor: fc.nat({ max: 2 ** 40 }),
        currency: fc.constantFrom('EUR', 'USD'),
        degraded: fc.boolean(),
        reasons: fc.array(fc.constantFrom('aa', 'bb', 'cc'), { maxLength: 4 }),
        timings: fc.record({ scoring: fc.double({ min: 0, max: 20_000, noNaN: true }), ledger: fc.constant(3) }, { requiredKeys: [] }),
      }),
      { minLength: 1, maxLength: 25 },
    )
    .map((rows) =>
      rows.map(({ minute, ...row }, index) =>
        sampleOutcome({ ...row, seq: run * 1_000 + index + 1, atMs: SAMPLES_FROM_MS + 39_600_000 + minute * 60_000 + index }),
      ),
    );

/** Labels of those, several of some, and each message perhaps delivered again. */
const histories = (run: number) =>
  outcomes(run).chain((given) => {
    const label = fc.record({
      of: fc.nat({ max: given.length - 1 }),
      fraud: fc.boolean(),
      maturity: fc.constantFrom('final', 'provisional'),
    });
    return fc.array(label, { maxLength: 20 }).chain((rows) => {
      const labels = rows.map(({ of, ...row }, n) => {
        const { transaction_id: transactionId, merchant_id: merchantId } = given[of]!.transaction;
        return sampleLabel({ ...row, n: run * 1_000 + n, transactionId, merchantId });
      });
      const messages = [...given.map((value) => ({ outcome: value })), ...labels.map((value) => ({ label: value }))];
      const again = fc.shuffledSubarray(messages);
      return fc.record({
        order: fc.shuffledSubarray(messages, { minLength: messages.length }),
        again,
        cut: fc.integer({ min: 1, max: 9 }),
      });
    });
  });

type Message = { readonly outcome: Outcome } | { readonly label: Label };

describe('the sums', () => {
  test('are those of a plain recount, in whatever order and however often decisions and labels are delivered', async () => {
    const everything: Message[] = [];
    for (let run = 1; run <= RUNS; run++) {
      const [history] = fc.sample(histories(run), { numRuns: 1, seed: 4_200 + run });
      if (!history) throw new Error('no history was drawn');
      const messages: Message[] = [...history.order, ...history.again];
      const archivist = archive.start();
      for (let place = 0; place < messages.length; place += history.cut) {
        const batch = messages.slice(place, place + history.cut);
        await archive.deliver(archivist, { outcomes: outcomesOf(batch), labels: labelsOf(batch) });
      }
      everything.push(...messages);
    }
    expect(await readSums(archive)).toEqual(asEntries(sumNaively(outcomesOf(everything), labelsOf(everything))));
  });
});

const outcomesOf = (messages: readonly Message[]) => messages.flatMap((message) => ('outcome' in message ? message.outcome : []));
const labelsOf = (messages: readonly Message[]) => messages.flatMap((message) => ('label' in message ? message.label : []));

const COUNTED = ['decisions', 'amount_minor', 'degraded', 'fallbacks', 'frauds', 'fraud_minor', 'genuine', 'genuine_minor'] as const;

type Entries = Record<keyof NaiveSums, Record<string, number>>;

function asEntries({ decisions, latencies, reasons }: NaiveSums): Entries {
  return { decisions: Object.fromEntries(decisions), latencies: Object.fromEntries(latencies), reasons: Object.fromEntries(reasons) };
}

/** What the tables say, under the same names. */
async function readSums({ postgres: { pool } }: TestArchive): Promise<Entries> {
  const sums: Entries = { decisions: {}, latencies: {}, reasons: {} };
  type Place = { span: number; begins: Date; merchant_id: string };
  const put = (into: Record<string, number>, name: readonly unknown[], value: unknown) => {
    if (Number(value) !== 0) into[name.join(' ')] = Number(value);
  };
  for (const row of (
    await pool.query<Place & Record<'action' | 'model' | 'currency' | (typeof COUNTED)[number], string> & { scores: string[] }>(
      'SELECT * FROM review.rollup',
    )
  ).rows) {
    const group = [row.span, row.begins.toISOString(), row.merchant_id, row.action, row.model, row.currency];
    for (const field of COUNTED) {
      put(sums.decisions, [...group, field], row[field]);
    }
    row.scores.forEach((count, bucket) => put(sums.decisions, [...group, 'score', bucket], count));
  }
  for (const row of (await pool.query<Place & { stage: string; counts: string[] }>('SELECT * FROM review.rollup_latency')).rows) {
    const place = [row.span, row.begins.toISOString(), row.merchant_id, row.stage];
    row.counts.forEach((count, bucket) => put(sums.latencies, [...place, bucket], count));
  }
  for (const row of (await pool.query<Place & Record<'action' | 'code' | 'decisions', string>>('SELECT * FROM review.rollup_reason'))
    .rows) {
    put(sums.reasons, [row.span, row.begins.toISOString(), row.merchant_id, row.action, row.code], row.decisions);
  }
  return sums;
}
