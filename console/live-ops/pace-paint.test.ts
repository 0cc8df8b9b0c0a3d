import { describe, expect, test } from '@jest/globals';
import { pacePaint } from './pace-paint.ts';

/** When a page paints to which frames of `rows` rows come at `framesAtMs`, and how many frames each painting shows for the first time. */
function paintings(rows: number, framesAtMs: readonly number[]): [atMs: number, frames: number][] {
  const paintings: [number, number][] = [];
  let paintedAtMs = 0;
  let unpainted = 0;
  let dueAtMs = Number.POSITIVE_INFINITY;
  const paint = (atMs: number) => {
    paintings.push([atMs, unpainted]);
    [paintedAtMs, unpainted, dueAtMs] = [atMs, 0, Number.POSITIVE_INFINITY];
  };
  for (const atMs of framesAtMs) {
    if (dueAtMs <= atMs) paint(dueAtMs);
    unpainted++;
    dueAtMs = atMs + pacePaint(unpainted * rows, atMs - paintedAtMs);
    if (dueAtMs === atMs) paint(atMs);
  }
  if (unpainted > 0) paint(dueAtMs);
  return paintings;
}

describe('the feed is painted', () => {
  test.each([1, 24])('with every frame while %s rows of it leave lines in sight', (rows) => {
    expect(paintings(rows, [100, 200, 300, 400])).toEqual([100, 200, 300, 400].map((atMs) => [atMs, 1]));
  });

  test('with every other frame where one replaces all lines in sight, when that arrives', () => {
    expect(paintings(50, [100, 200, 300, 405, 490, 612])).toEqual([[200, 2], [405, 2], [612, 2]]); // prettier-ignore
  });

  test('with a frame that comes early a little later, and not twice for it', () => {
    expect(paintings(5, [100, 160, 300])).toEqual([[100, 1], [200, 1], [300, 1]]); // prettier-ignore
  });

  test('a quarter of a second after the last time where no other frame comes', () => {
    expect(paintings(50, [100])).toEqual([[250, 1]]);
    expect(paintings(50, [100, 290, 400])).toEqual([[250, 1], [400, 2]]); // prettier-ignore
  });
});
