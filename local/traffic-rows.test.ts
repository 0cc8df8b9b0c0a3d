import { describe, expect, test } from '@jest/globals';
import { HistoryRecord, TransactionRequest } from '@trancendos/contracts/transaction';
import { merchantOfTerminal } from './traffic-keys.ts';
import { DueLabels } from './traffic-labels.ts';
import { RowProgress } from './traffic-progress.ts';
import { historyRecordOf, requestOf, shiftToPast, terminalOf, type TrafficRow } from './traffic-rows.ts';
import { beginWorld, HISTORY_DAYS, Timeline } from './traffic-timeline.ts';

const DAY_MS = 86_400_000;
const NOW_MS = Date.parse('2026-05-01T12:00:00.000Z');
const row = (change: Partial<TrafficRow> = {}): TrafficRow => ({
  id: 'tx-1',
  occurredAtMs: NOW_MS - 20 * DAY_MS,
  customer: 17,
  terminal: 42,
  amountMinor: 1249,
  fraud: true,
  labelKnownAtMs: NOW_MS - 13 * DAY_MS,
  ...change,
});

describe('times', () => {
  test('are moved by whole weeks, as few as may be, so that none lies in the future', () => {
    for (const lastMs of [0, NOW_MS - 1, NOW_MS, NOW_MS + 1, NOW_MS + 30 * DAY_MS]) {
      const shiftMs = shiftToPast(lastMs, NOW_MS);
      expect(Math.abs(shiftMs % (7 * DAY_MS))).toBe(0);
      expect(lastMs + shiftMs).toBeLessThanOrEqual(NOW_MS);
      expect(lastMs + shiftMs).toBeGreaterThan(NOW_MS - 7 * DAY_MS);
    }
  });
});

describe('a row', () => {
  test('is a request that the API takes, of an account or, for some, of a card alone', () => {
    const payers = Array.from({ length: 2_000 }, (_, customer) => TransactionRequest.parse(requestOf(row({ customer }))).payer);
    const cardOnly = payers.filter(({ account_id }) => account_id === undefined);
    expect(cardOnly.length / 2_000).toBeGreaterThan(0.12);
    expect(cardOnly.length / 2_000).toBeLessThan(0.18);
    expect(new Set(cardOnly.map(({ card_token }) => card_token)).size).toBe(cardOnly.length);
    for (const { card_token } of cardOnly) expect(card_token).toMatch(/^card_[a-z]{10}$/);
    for (const { account_id } of payers) expect(account_id ?? 'ACC-00000').toMatch(/^ACC-\d{5}$/);
  });

  test('carries its label into history only if that was known by then', () => {
    expect(HistoryRecord.parse(historyRecordOf(row(), NOW_MS)).label).toEqual({ fraud: true, known_at: '2026-04-18T12:00:00.000Z' });
    expect(historyRecordOf(row(), NOW_MS - 14 * DAY_MS)).toEqual(requestOf(row()));
  });

  test('belongs to the same merchant every time, and all merchants get some', () => {
    const merchants = ['a', 'b', 'c', 'd'].map((merchantId) => ({ merchantId, apiKey: `key-${merchantId}` }));
    const counts = new Map<string, number>();
    for (let terminal = 0; terminal < 4_000; terminal++) {
      const { merchantId } = merchantOfTerminal(merchants, terminalOf(row({ terminal })));
      expect(merchantOfTerminal(merchants, terminalOf(row({ terminal }))).merchantId).toBe(merchantId);
      counts.set(merchantId, (counts.get(merchantId) ?? 0) + 1);
    }
    expect(Math.min(...counts.values())).toBeGreaterThan(800);
  });
});

describe('labels', () => {
  test('are due in the order in which they become known, frauds only', () => {
    const labels = new DueLabels();
    for (const [id, labelKnownAtMs, fraud] of [
      ['late', 300, true],
      ['early', 100, true],
      ['genuine', 150, false],
      ['middle', 200, true],
    ] as const) {
      labels.add(row({ id, labelKnownAtMs, fraud }));
    }
    expect(labels.take(99)).toEqual([]);
    expect(labels.take(200).map(({ id }) => id)).toEqual(['early', 'middle']);
    expect(labels.take(1_000).map(({ id }) => id)).toEqual(['late']);
    expect(labels.size).toBe(0);
  });
});

test('progress is the first row that is not answered', () => {
  const progress = new RowProgress(10);
  const rows = progress.rows(13);
  expect(progress.firstUnanswered()).toBe(10);
  expect([rows.next().value, rows.next().value, rows.next().value]).toEqual([10, 11, 12]);
  progress.answered(10);
  progress.answered(12);
  expect(progress.firstUnanswered()).toBe(11);
  progress.answered(11);
  expect(progress.firstUnanswered()).toBe(13);
  expect(rows.next().done).toBe(true);
});

describe('a timeline', () => {
  const timeline = new Timeline(beginWorld(1, NOW_MS));

  test('lies in the past, in order, with 40 days of history before the first payment', () => {
    const first = timeline.firstRowOfDay(HISTORY_DAYS);
    expect(timeline.row(timeline.length - 1).labelKnownAtMs - 7 * DAY_MS).toBeLessThanOrEqual(NOW_MS);
    expect(timeline.row(first - 1).occurredAtMs).toBeLessThan(timeline.historyEndMs());
    expect(timeline.row(first).occurredAtMs).toBeGreaterThanOrEqual(timeline.historyEndMs());
    expect(timeline.firstRowOfDay(0)).toBe(0);
    expect(timeline.firstRowOfDay(120)).toBe(timeline.length);
  });

  test('of another world has other people and terminals', () => {
    const { customer, terminal } = timeline.row(0);
    expect([customer >= 2_000 && customer < 4_000, terminal >= 4_000 && terminal < 8_000]).toEqual([true, true]);
  });

  test('is over after its last row, and when it has become too old for the API', () => {
    const state = beginWorld(1, NOW_MS);
    expect(new Timeline({ ...state, nextRow: timeline.length }).isOver(NOW_MS)).toBe(true);
    expect(new Timeline(state).isOver(NOW_MS)).toBe(false);
    expect(new Timeline(state).isOver(NOW_MS + 200 * DAY_MS)).toBe(true);
  });
});
