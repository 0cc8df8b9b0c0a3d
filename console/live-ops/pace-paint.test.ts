import { expect, test } from '@jest/globals';
import { pacePaint } from './pace-paint.ts';

/** Which of frames, 100 ms apart and with `rows` each, are painted when they arrive. */
function painted(rows: number, frames: number): number[] {
  const shown: number[] = [];
  let paintedAtMs = 0;
  let unpainted = 0;
  for (let frame = 1; frame <= frames; frame++) {
    unpainted += rows;
    if (frame * 100 - paintedAtMs < pacePaint(unpainted).earliestMs) continue;
    shown.push(frame);
    paintedAtMs = frame * 100;
    unpainted = 0;
  }
  return shown;
}

test('every frame is painted while it leaves lines in sight, and every other one where none would stay', () => {
  expect(painted(1, 6)).toEqual([1, 2, 3, 4, 5, 6]);
  expect(painted(24, 6)).toEqual([1, 2, 3, 4, 5, 6]);
  expect(painted(50, 6)).toEqual([2, 4, 6]);
});

test('rows wait for a quarter of a second at most, whatever comes after them', () => {
  for (const rows of [1, 25, 10_000]) expect(pacePaint(rows).latestMs).toBeLessThanOrEqual(250);
});
