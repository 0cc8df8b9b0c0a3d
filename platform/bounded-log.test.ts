import { describe, expect, test } from '@jest/globals';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BoundedLog } from './bounded-log.ts';

describe('a bounded log', () => {
  test('keeps the newest files up to its bound, and never divides a line', () => {
    const folder = mkdtempSync(join(tmpdir(), 'bounded-'));
    try {
      const log = new BoundedLog(join(folder, 'a.log'), { sizeMaxBytes: 50, generations: 3 });
      const text = Array.from({ length: 40 }, (_, number) => `line ${String(number).padStart(4, '0')}\n`).join('');
      for (let at = 0; at < text.length; at += 7) log.write(Buffer.from(text.slice(at, at + 7)));
      log.close();
      expect(readdirSync(folder).sort()).toEqual(['a.log', 'a.log.1', 'a.log.2', 'a.log.3']);
      const kept = ['a.log.3', 'a.log.2', 'a.log.1', 'a.log'].map((name) => readFileSync(join(folder, name), 'utf8'));
      for (const file of kept) {
        expect(file).toMatch(/^(line \d{4}\n)+$/);
        expect(file.length).toBeLessThanOrEqual(60);
      }
      expect(text.endsWith(kept.join(''))).toBe(true);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
