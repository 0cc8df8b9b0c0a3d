import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Control } from '@trancendos/contracts/control';
import { drawVersion } from '@trancendos/models/draw-version';
import { FEATURE_COUNT } from '@trancendos/models/features/declare-features';
import { hashBeliefs } from '@trancendos/models/features/feature-kernel';
import { openLog } from '@trancendos/platform/log';
import { ControlDesk } from './control-desk.ts';
import { opineRows } from './opine-rows.ts';
import { takeOrders } from './take-orders.ts';
import { SAMPLE_BELIEFS } from '@trancendos/models/features/sample-beliefs';

const log = openLog('scoring', { LOG_LEVEL: 'fatal', LOG_FORMAT: 'json' });
const BOOK = ['tx_amount', 'tx_during_weekend', 'tx_during_night'];
const CONFIG = { SCORING_MODEL: 'luminous-1', SCORING_FALLBACK_MODEL: 'luminous-2' };
let folder: string;
let desk: ControlDesk;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'desk-'));
  await drawVersion(join(folder, 'luminous-1'), { name: 'luminous-1', seed: 1, beliefs: SAMPLE_BELIEFS });
  await drawVersion(join(folder, 'luminous-2'), { name: 'luminous-2', seed: 2, features: BOOK });
  await drawVersion(join(folder, 'luminous-3'), {
    name: 'luminous-3',
    seed: 3,
    beliefs: { ...SAMPLE_BELIEFS, customer_spells: SAMPLE_BELIEFS.terminal_spells },
  });
  await drawVersion(join(folder, 'luminous-4'), { name: 'luminous-4', seed: 4 });
  await writeFile(join(folder, 'luminous-4', 'weights.bin'), 'damaged');
});
afterAll(() => rm(folder, { recursive: true }));
beforeEach(() => {
  desk = new ControlDesk({ log, versionsFolder: folder });
});

let published = 0;
const at = () => ({ published_at: new Date(1_700_000_000_000 + published++).toISOString(), published_by: 'a test' });
const model = (name: 'champion' | 'fallback', version: string): Control => ({ kind: 'model', name, version, ...at() });
const ruleset = (...when: string[]): Control => ({
  kind: 'ruleset',
  name: 'active',
  ruleset: {
    name: 'new',
    rules: when.map((condition, index) => ({
      id: `rule_${index}`,
      version: 1,
      effect: 'review',
      weight: 1,
      when: condition,
      reason: 'business_rule',
      message: 'x',
      examples: [{ given: { tx_amount: 100 }, then: 'holds' }],
    })),
  },
  ...at(),
});

describe('the orders', () => {
  test('are the base rules, no lists and no model before anything is published', () => {
    expect(desk.orders).toMatchObject({ champion: null, fallback: null, ruleset: { version: expect.stringMatching(/^base-1@/) } });
  });

  test('change as a whole by each message, and stay as they were for who holds them', async () => {
    const before = desk.orders;
    await desk.apply(ruleset('tx_amount > 50'));
    expect(desk.orders.ruleset.version).toMatch(/^new@/);
    expect(before.ruleset.version).toMatch(/^base-1@/);
  });

  test('keep the last ruleset where a new one does not check, and say what is wrong with it', async () => {
    await desk.apply(ruleset('tx_amount > 50'));
    const standing = desk.orders.ruleset;
    const { refusal } = await desk.apply(ruleset('tx_amount > 50', 'tx_amuont > 50'));
    expect(desk.orders.ruleset).toBe(standing);
    expect(refusal).toMatchObject({ code: 'ruleset_refused', errors: [{ pointer: '/rules/1/when' }] });
    expect(desk.states.get('ruleset/active')?.refusal).toBe(refusal);
  });

  test('keep the last model where a new one is missing or damaged', async () => {
    await desk.apply(model('champion', 'luminous-2'));
    for (const [version, words] of [
      ['luminous-999', 'no version'],
      ['luminous-4', 'weights.bin'],
    ] as const) {
      const { refusal } = await desk.apply(model('champion', version));
      expect(refusal).toMatchObject({ code: 'version_refused', detail: expect.stringContaining(words) });
      expect(desk.orders.champion?.label).toMatch(/^luminous-2@/);
    }
  });

  test('take lists in and away', async () => {
    const list = { kind: 'account', effect: 'block', merchant_id: null, entries: [{ value: 'A', expires_at: null, note: '' }] } as const;
    await desk.apply({ kind: 'list', name: 'stolen', list: { ...list, entries: [...list.entries] }, ...at() });
    expect(desk.orders.lists.size).toBe(1);
    await desk.apply({ kind: 'list', name: 'stolen', list: null, ...at() });
    expect(desk.orders.lists).toMatchObject({ size: 0, version: 'none' });
  });

  test('are tried without being changed', async () => {
    expect(await desk.check(ruleset('nope'))).toMatchObject({ code: 'ruleset_refused' });
    expect(await desk.check(model('champion', 'luminous-2'))).toBeUndefined();
    expect(desk.orders.champion).toBeNull();
  });
});

describe('at the start', () => {
  test('what was published comes before what is configured, and the state is to be folded with the beliefs of the champion', async () => {
    const chosen = model('champion', 'luminous-3');
    const beliefs = await takeOrders(desk, CONFIG, new Map([['model/champion', chosen]]));
    expect(desk.orders.champion?.label).toMatch(/^luminous-3@/);
    expect(desk.orders.fallback?.label).toMatch(/^luminous-2@/);
    expect(hashBeliefs(beliefs)).toBe(hashBeliefs(desk.orders.champion?.version.manifest.beliefs ?? null));
  });

  test('a published version that is refused leaves the configured one in its place', async () => {
    await takeOrders(desk, CONFIG, new Map([['model/champion', model('champion', 'luminous-4')]]));
    expect(desk.orders.champion?.label).toMatch(/^luminous-1@/);
  });

  test('a version with other beliefs than those of the running state needs a restart, and says so', async () => {
    await takeOrders(desk, CONFIG, new Map());
    const { refusal } = await desk.apply(model('champion', 'luminous-3'));
    expect(refusal).toMatchObject({ code: 'version_needs_restart', detail: expect.stringContaining('Restart the workers') });
    expect(desk.orders.champion?.label).toMatch(/^luminous-1@/);
    expect((await desk.apply(model('champion', 'luminous-2'))).refusal).toBeNull();
  });
});

describe('the ladder', () => {
  const vectors = () => Float64Array.from({ length: 2 * FEATURE_COUNT }, () => 3);

  test('is the champion, then the fallback where that gives no number, row by row', async () => {
    await takeOrders(desk, CONFIG, new Map());
    const features = vectors();
    features[FEATURE_COUNT + 20] = NaN; // read by the champion and not by the fallback
    const [first, second] = opineRows(desk.orders, features, 2);
    expect(first).toMatchObject({ kind: 'scored', byFallback: false, model: expect.stringMatching(/^luminous-1@/) });
    expect(second).toMatchObject({ kind: 'scored', byFallback: true, model: expect.stringMatching(/^luminous-2@/) });
  });

  test('is the fallback alone where the champion is refused', async () => {
    await takeOrders(desk, { ...CONFIG, SCORING_MODEL: 'luminous-999' }, new Map());
    expect(opineRows(desk.orders, vectors(), 2)).toEqual([
      expect.objectContaining({ kind: 'scored', byFallback: true }),
      expect.objectContaining({ kind: 'scored', byFallback: true }),
    ]);
  });

  test('ends with a score that is no number, and with none', async () => {
    await takeOrders(desk, CONFIG, new Map());
    expect(opineRows(desk.orders, vectors().fill(NaN), 1)).toEqual([{ kind: 'invalid', model: expect.stringMatching(/^luminous-1@/) }]);
    expect(opineRows({ champion: null, fallback: null }, vectors(), 2)).toEqual([{ kind: 'unavailable' }, { kind: 'unavailable' }]);
  });
});
