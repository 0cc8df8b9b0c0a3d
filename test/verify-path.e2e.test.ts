import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compareScores } from '@trancendos/bench/compare-scores';
import { drawVersion } from '@trancendos/models/draw-version';
import { SAMPLE_BELIEFS } from '@trancendos/models/features/sample-beliefs';
import { DAY_MS } from '@trancendos/models/features/feature-windows';
import { loadVersion } from '@trancendos/models/load-version';
import { simulateWorld } from '@trancendos/models/simulator/simulate-world';
import type { TransactionRow } from '@trancendos/models/simulator/transaction-file';
import { startTestPlatform, type TestPlatform } from './start-test-platform.ts';

const DAYS = 42;
const PAID_DAYS = 7;

let versions: string;
let platform: TestPlatform;

beforeAll(async () => {
  versions = mkdtempSync(join(tmpdir(), 'verify-'));
  await drawVersion(join(versions, 'luminous-1'), { name: 'luminous-1', seed: 1, beliefs: SAMPLE_BELIEFS, members: 8, hidden: [32, 16] });
  platform = await startTestPlatform({ SCORING_VERSIONS_DIR: versions, SCORING_MODEL: 'luminous-1', SCORING_FALLBACK_MODEL: 'luminous-1' });
}, 120_000);

afterAll(async () => {
  await platform.stop();
  rmSync(versions, { recursive: true });
}, 60_000);

function simulateRows(): TransactionRow[] {
  const world = simulateWorld({
    customers: 150,
    terminals: 120,
    radius: 20,
    days: DAYS,
    compromisedTerminalsPerDay: 1,
    compromisedCustomersPerDay: 1,
  });
  return Array.from({ length: world.count }, (_, row) => ({
    transactionId: row,
    occurredAtMs: world.options.startMs + (world.timeS[row] ?? 0) * 1000,
    customerId: world.customer[row] ?? 0,
    terminalId: world.terminal[row] ?? 0,
    amountMinor: world.amountMinor[row] ?? 0,
    fraud: world.scenario[row] !== 0,
    scenario: world.scenario[row] ?? 0,
    labelKnownAtMs: null,
  }));
}

describe('a week that is paid through the merchant API', () => {
  test('gets the scores of the offline run, to the last bit, payment by payment', async () => {
    const rows = simulateRows();
    const fromMs = (rows[0]?.occurredAtMs ?? 0) - ((rows[0]?.occurredAtMs ?? 0) % DAY_MS) + (DAYS - PAID_DAYS) * DAY_MS;
    const version = await loadVersion(join(versions, 'luminous-1'));
    const { payments, equal, equalFeatures, largestGap } = await compareScores(version, { target: platform, rows, fromMs });
    expect(payments).toBeGreaterThan(1_500);
    expect({ equal, equalFeatures, largestGap }).toEqual({ equal: payments, equalFeatures: payments, largestGap: 0 });
  }, 240_000);
});
