import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Decision } from '@trancendos/contracts/decision';
import { ActiveDrift, ActiveLists, ActiveModel, ActiveRules } from '@trancendos/contracts/scoring-http';
import type { Label } from '@trancendos/contracts/label';
import { ScoringProblem } from '@trancendos/contracts/scoring-http';
import type { Transaction } from '@trancendos/contracts/transaction';
import { FEATURE_COUNT, FEATURE_SET } from '@trancendos/models/features/declare-features';
import { loadVersion } from '@trancendos/models/load-version';
import { DAY_MS } from '@trancendos/models/features/feature-windows';
import { FeatureKernel } from '@trancendos/models/features/feature-kernel';
import { pause } from '@trancendos/platform/clock';
import { connectEventLog } from '@trancendos/platform/event-log';
import { openLog } from '@trancendos/platform/log';
import { testServers } from '@trancendos/platform/testing';
import pg from 'pg';
import { checkParity } from './check-parity.ts';
import { foldLabel, foldTransaction } from './fold-message.ts';
import { SAMPLE_BELIEFS } from '@trancendos/models/features/sample-beliefs';
import { runTestScoring, type TestScoring } from './run-test-scoring.ts';
import { ParityWatch } from './watch-parity.ts';
import { LABEL_SETTLE_MS } from './settle-labels.ts';
import { receivedLabel, receivedTransaction, sampleHistory, sampleLabel, samplePayment } from './sample-messages.ts';

const START_MS = Date.UTC(2026, 0, 5, 9);
const instant = (days: number) => new Date(START_MS + days * DAY_MS).toISOString();

let world: TestScoring;
/** Everything that was sent, in order, folded by a kernel that never stops: what the service must agree with. */
const kernel = new FeatureKernel(SAMPLE_BELIEFS);
const expected = new Map<string, number[]>();
let offset = 0;

beforeAll(async () => {
  world = await runTestScoring();
}, 60_000);

afterAll(() => world.stop(), 60_000);

async function send(message: Transaction | Label): Promise<void> {
  if ('label_id' in message) {
    foldLabel(kernel, receivedLabel(message, offset++));
  } else {
    const folded = foldTransaction(kernel, receivedTransaction(message, offset++));
    const vector = new Float64Array(FEATURE_COUNT);
    if (folded.kind === 'transaction') kernel.read(folded.event, vector);
    if (message.kind === 'payment') expected.set(message.transaction_id, [...vector]);
  }
  await world.send(message);
}

const payment = (id: string, days: number, amount_minor = 1249) =>
  samplePayment(id, { merchant_id: world.merchantId, occurred_at: instant(days), received_at: instant(days), amount_minor });

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  for (let waited = 0; waited < 20_000; waited += 25) {
    if (await condition()) return;
    await pause(25);
  }
  throw new Error(`not within 20 s; the service has logged:\n${world.lines().join('\n')}`);
}

const decided = (id: string) => world.decisions.find(({ transaction }) => transaction.transaction_id === id);

/** Sends a payment on a later day and compares its features with those of the kernel that never stopped. */
async function expectSameFeatures(id: string, days: number): Promise<void> {
  await send(payment(id, days));
  await until(() => decided(id) !== undefined);
  expect(decided(id)?.features).toEqual(expected.get(id));
}

async function query(sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: world.databaseUrl });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

describe('scoring', () => {
  test('decides payments, folds history without deciding, and counts labels', async () => {
    for (let day = 0; day < 20; day++) {
      const label = day % 4 === 0 ? { label: { fraud: true, known_at: instant(day + 7) } } : {};
      const facts = { merchant_id: world.merchantId, occurred_at: instant(day), received_at: instant(40), ...label };
      await send(sampleHistory(`history-${day}`, facts));
    }
    const late = payment('late-label', 21);
    await send(late);
    await until(() => decided('late-label') !== undefined);
    await send(sampleLabel(late, true));
    await pause(LABEL_SETTLE_MS);
    await expectSameFeatures('after-label', 30);
    const decision = decided('after-label');
    expect(Decision.safeParse(decision).error).toBeUndefined();
    expect(decision?.versions).toMatchObject({
      features: expect.stringMatching(`^${FEATURE_SET}\\+[0-9a-f]{6}$`),
      model: expect.stringMatching(/^luminous-1@/),
    });
    expect(decision?.degraded).toBe(false);
    expect(world.decisions.map(({ transaction }) => transaction.transaction_id)).toEqual(['late-label', 'after-label']);
  }, 60_000);

  test('previews what a payment would get, as often as it is asked, and learns nothing of it', async () => {
    const asked = payment('previewed', 31, 4_900);
    const preview = async () => {
      const response = await fetch(`http://127.0.0.1:${world.scoring().port}/v1/previews`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ transaction: asked }),
      });
      expect(response.status).toBe(200);
      return Decision.parse(await response.json());
    };
    const [first, second] = [await preview(), await preview()];
    expect(second).toEqual({ ...first, decision_id: second.decision_id, decided_at: second.decided_at, timings_ms: second.timings_ms });
    expect(decided('previewed')).toBeUndefined();
    // In earnest it gets just that, and so says the kernel that has never previewed anything.
    await send(asked);
    await until(() => decided('previewed') !== undefined);
    expect(decided('previewed')).toMatchObject({ action: first.action, score: first.score, features: first.features });
    expect(first.features).toEqual(expected.get('previewed'));
  });

  test('sets a message aside that fits no schema, and decides on the next one', async () => {
    await world.sendRaw(`{"kind":"payment","poison":"${world.merchantId}"}`);
    await expectSameFeatures('after-poison', 30.1);
    await until(() => world.deadLettersWith(world.merchantId) === 1);
  }, 60_000);

  test('goes on after a clean stop from its snapshot with the same features, deciding nothing twice', async () => {
    await world.stopScoring();
    expect(await query('SELECT feature_set FROM scoring.snapshot')).toEqual([{ feature_set: FEATURE_SET }]);
    const before = world.decisions.length;
    await send(payment('while-away', 30.2));
    await world.startScoring();
    expect(world.lines().join()).toContain('"fromSnapshot":true');
    await expectSameFeatures('after-restart', 31);
    expect(decided('while-away')?.features).toEqual(expected.get('while-away'));
    expect(world.decisions).toHaveLength(before + 2);
  }, 60_000);

  test('passes over a damaged snapshot with a warning, and rebuilds the same features from the log', async () => {
    await world.stopScoring();
    await query(`UPDATE scoring.snapshot SET state = substring(state FROM 1 FOR length(state) / 2)`);
    const before = world.decisions.length;
    await world.startScoring();
    expect(world.lines().filter((line) => line.includes('it cannot be read'))).toHaveLength(2);
    expect(world.lines().join()).toContain('"fromSnapshot":false');
    await expectSameFeatures('after-damage', 32);
    expect(world.decisions).toHaveLength(before + 1);
  }, 60_000);

  test('rebuilds the same features from the log where there is no snapshot', async () => {
    await world.stopScoring();
    await query('DELETE FROM scoring.snapshot');
    await world.startScoring();
    await expectSameFeatures('after-loss', 33);
  }, 60_000);

  test('scores with the fallback, and says so, where the champion cannot be loaded', async () => {
    await world.stopScoring();
    await world.startScoring({ SCORING_MODEL: 'luminous-999' });
    expect(world.lines().join()).toContain('it is folded with other belief parameters');
    await send(payment('without-champion', 33.5));
    await until(() => decided('without-champion') !== undefined);
    expect(decided('without-champion')).toMatchObject({
      degraded: true,
      degraded_causes: ['model_fallback'],
      versions: { model: expect.stringMatching(/^luminous-2@/) },
    });
  }, 60_000);

  test('decides by rules alone, and says so, where no model can be loaded', async () => {
    await world.stopScoring();
    await world.startScoring({ SCORING_MODEL: 'luminous-999', SCORING_FALLBACK_MODEL: 'luminous-998' });
    await send(payment('without-model', 34, 30_000));
    await until(() => decided('without-model') !== undefined);
    expect(decided('without-model')).toMatchObject({ action: 'review', degraded: true, degraded_causes: ['model_unavailable'] });
    const read = async (what: string) => (await fetch(`http://127.0.0.1:${world.scoring().port}/v1/${what}`)).json();
    ActiveModel.parse(await read('model'));
    ActiveRules.parse(await read('rules'));
    ActiveLists.parse(await read('lists'));
    expect(ActiveDrift.parse(await read('drift'))).toMatchObject({ state: 'unwatched', model: null });
    const answer = await fetch(`http://127.0.0.1:${world.scoring().port}/v1/model`);
    expect(await answer.json()).toMatchObject({ model: null, thresholds: null, feature_set: FEATURE_SET });
  }, 60_000);

  test('says over HTTP what decides', async () => {
    await world.stopScoring();
    await world.startScoring();
    const base = `http://127.0.0.1:${world.scoring().port}/v1`;
    const model = (await (await fetch(`${base}/model`)).json()) as Record<string, unknown>;
    expect(model).toMatchObject({ model: 'luminous-1', hash: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(model['thresholds']).toEqual({ review: expect.any(Number), decline: expect.any(Number) });
    const drift = ActiveDrift.parse(await (await fetch(`${base}/drift`)).json());
    expect(drift).toMatchObject({ state: 'unwatched', mature: null }); // luminous-1 has no reference
    const features = (await (await fetch(`${base}/features`)).json()) as { features: unknown[] };
    expect(features.features).toHaveLength(FEATURE_COUNT);
    await until(() => world.lines().some((line) => line.includes('deciding')));
  }, 60_000);

  test('changes its model while payments come in, within a second, and no decision is missing or of two versions', async () => {
    await world.stopScoring();
    await world.startScoring();
    const base = `http://127.0.0.1:${world.scoring().port}/v1`;
    const put = (path: string, body: object) =>
      fetch(`${base}/control/${path}`, { method: 'PUT', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
    const before = world.decisions.length;
    let sent = 0;
    const sending = (async () => {
      for (; sent < 300; sent++) {
        await world.send(payment(`swap-${sent}`, 35 + sent / 10_000));
        await pause(4);
      }
    })();
    await until(() => world.decisions.length > before + 20);
    const askedMs = Date.now();
    const answer = await put('model/champion', { version: 'luminous-3', by: 'a test' });
    expect([answer.status, await answer.json()]).toEqual([200, expect.objectContaining({ key: 'model/champion', applied: true })]);
    expect(Date.now() - askedMs).toBeLessThan(1_000);
    await sending;
    await until(() => world.decisions.length === before + 300);
    const made = world.decisions.slice(before);
    expect(made.map(({ transaction }) => transaction.transaction_id)).toEqual(Array.from({ length: 300 }, (_, index) => `swap-${index}`));
    const models = made.map(({ versions }) => versions.model?.split('@')[0]);
    const swapped = models.indexOf('luminous-3');
    expect(swapped).toBeGreaterThan(0);
    expect(models).toEqual(models.map((_, index) => (index < swapped ? 'luminous-1' : 'luminous-3')));
    for (const name of ['luminous-1', 'luminous-3']) {
      const version = await loadVersion(join(world.versionsFolder, name));
      const probability = new Float64Array(1);
      for (const decision of made.filter(({ versions }) => versions.model?.startsWith(name))) {
        version.scorer.score(Float64Array.from(decision.features), 1, probability);
        expect(decision.probability).toBe(probability[0]);
      }
    }
    expect((await put('model/champion', { version: 'luminous-1', by: 'a test' })).status).toBe(200);
  }, 60_000);

  test('refuses what does not check with the place, and goes on with what it has', async () => {
    const base = `http://127.0.0.1:${world.scoring().port}/v1`;
    const put = async (path: string, body: string) => {
      const answer = await fetch(`${base}/control/${path}`, { method: 'PUT', headers: { 'content-type': 'application/json' }, body });
      return { status: answer.status, type: answer.headers.get('content-type'), problem: ScoringProblem.parse(await answer.json()) };
    };
    const rule = { id: 'a_rule', version: 1, effect: 'review', when: 'tx_amuont > 1.0', reason: 'business_rule', message: 'x' };
    const examples = [{ given: {}, then: 'silent' }];
    const ruleset = JSON.stringify({ by: 'a test', ruleset: { name: 'bad', rules: [{ ...rule, examples }] } });
    expect(await put('ruleset', ruleset)).toMatchObject({
      status: 422,
      type: expect.stringContaining('application/problem+json'),
      problem: { code: 'ruleset_refused', errors: [{ pointer: '/rules/0/when', detail: expect.stringContaining('tx_amuont') }] },
    });
    expect((await put('ruleset', '{"by":')).problem.code).toBe('malformed_json');
    expect((await put('model/champion', '{"version":"luminous-999","by":"x"}')).problem.code).toBe('version_refused');
    expect((await put('thresholds', '{"policy":{"mode":"fixed","review":900,"decline":100},"by":"x"}')).problem.errors).toEqual([
      { pointer: '/policy/decline', detail: 'decline lies below review' },
    ]);
    const rules = (await (await fetch(`${base}/rules`)).json()) as { version: string };
    expect(rules.version).toMatch(/^base-1@/);
  }, 60_000);

  test('blocks who is put on a list from the next payment on, and no longer when the list is taken away', async () => {
    const address = `http://127.0.0.1:${world.scoring().port}/v1/control/lists/test-stolen`;
    const put = (list: object | null) =>
      fetch(address, { method: 'PUT', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ list, by: 'a test' }) });
    const entries = [{ value: world.merchantId, expires_at: null }];
    expect((await put({ kind: 'merchant', effect: 'block', merchant_id: null, entries })).status).toBe(200);
    await send(payment('listed', 36));
    await until(() => decided('listed') !== undefined);
    expect(decided('listed')).toMatchObject({ action: 'decline' });
    expect(decided('listed')?.reasons[0]).toMatchObject({ code: 'list_blocked', rule: 'test-stolen' });
    expect((await put(null)).status).toBe(200);
    await send(payment('unlisted', 36.1));
    await until(() => decided('unlisted') !== undefined);
    expect(decided('unlisted')?.reasons.map(({ code }) => code)).not.toContain('list_blocked');
  }, 60_000);

  test('gives the features that it has decided on again in a replay from the log alone, and notices one that differs', async () => {
    const log = openLog('scoring', { LOG_LEVEL: 'fatal', LOG_FORMAT: 'json' });
    const eventLog = await connectEventLog({ brokers: testServers().kafkaBrokers, service: 'parity', log });
    const noSnapshot = () => Promise.resolve(undefined);
    const check = () => checkParity({ eventLog, group: world.group, beliefs: SAMPLE_BELIEFS, findSnapshot: noSnapshot });
    await until(() => world.caughtUp('transactions'));
    const report = await check();
    expect(report).toMatchObject({ mismatch: null });
    expect(report.compared).toBeGreaterThan(300);
    expect(report.equal).toBe(report.compared);
    const other = decided('unlisted');
    if (!other) throw new Error('nothing was decided');
    await eventLog.send([
      { topic: 'decisions', key: 'ACC-1', value: JSON.stringify({ ...other, features: other.features.with(3, 99) }), headers: {} },
    ]);
    const again = await check();
    expect(again.compared - again.equal).toBe(1);
    expect(again.mismatch).toMatchObject({ column: 3, decided: 99 });
    await eventLog.stop();
  }, 60_000);

  test('does the same in a process of its own, from a stored snapshot where there is one', async () => {
    const log = openLog('scoring', { LOG_LEVEL: 'fatal', LOG_FORMAT: 'json' });
    const parity = new ParityWatch({
      brokers: testServers().kafkaBrokers,
      databaseUrl: world.databaseUrl,
      group: world.group,
      beliefs: SAMPLE_BELIEFS,
      everyMs: 1_000_000,
      log,
    });
    const report = await parity.check();
    expect(report?.compared).toBeGreaterThan(0);
    expect(parity.last).toMatchObject({ mismatch: { column: 3 } });
    await parity.stop();
  }, 60_000);
});
