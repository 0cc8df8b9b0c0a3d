import { expect, test } from '@jest/globals';
import { killLedgerUnderLoad } from './kill-ledger-under-load.ts';

test('a ledger whose writer and PostgreSQL are killed while they work has everything that it acknowledged, once, and its journal verifies', async () => {
  const lines: string[] = [];
  const say = (line: string) => void lines.push(line);
  const report = await killLedgerUnderLoad({ seconds: 8, writerEveryMs: 400, databaseEveryMs: 2_500, say });
  expect({ sound: report.sound, lines }).toEqual({ sound: true, lines });
  expect(report.acknowledged).toBeGreaterThan(0);
  expect(report.databaseKills).toBeGreaterThan(0);
  expect(report.writerKills).toBeGreaterThan(0);
}, 120_000);
