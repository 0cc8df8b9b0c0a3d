import { describe, expect, test } from '@jest/globals';
import { PlaceSharer } from './share-places.ts';

const STEP = 8;
const roomOf = () => 16;
const fill = (sharer: PlaceSharer, endpointId: string, places: number, nowMs: number) =>
  Array.from({ length: places }, () => sharer.take(endpointId, nowMs));

describe('places for deliveries', () => {
  test('are given to an endpoint while it has room for more', () => {
    const sharer = new PlaceSharer();
    fill(sharer, 'a', 8, 0);
    expect([sharer.full(0, STEP, roomOf), sharer.left(0)]).toEqual([[], 192]);
    fill(sharer, 'a', 8, 0);
    expect([sharer.full(0, STEP, roomOf), sharer.left(0)]).toEqual([['a'], 184]);
  });

  test('are left to quick endpoints however many hang', () => {
    const sharer = new PlaceSharer();
    const hanging = Array.from({ length: 13 }, (_, index) => `slow-${index}`);
    const places = hanging.flatMap((id) => fill(sharer, id, 16, 0));
    expect(sharer.left(0)).toBeLessThanOrEqual(0);
    const quick = fill(sharer, 'quick', 8, 2_001);
    expect([sharer.left(2_001), sharer.full(2_001, STEP, roomOf)]).toEqual([192, hanging]);
    for (const place of quick) sharer.leave(place, 2_100);
    for (const place of places) sharer.leave(place, 14_000);
    fill(sharer, 'slow-0', 1, 14_000);
    expect([sharer.left(14_000), sharer.full(14_000, STEP, roomOf)]).toEqual([200, ['slow-0']]);
  });

  test('of all slow endpoints are a hundred, and one that answers quickly is slow no more', () => {
    const sharer = new PlaceSharer();
    const ids = Array.from({ length: 13 }, (_, index) => `slow-${index}`);
    for (const id of [...ids, 'late']) sharer.leave(sharer.take(id, 0), 3_000);
    for (const id of ids) fill(sharer, id, 8, 3_000);
    expect([sharer.left(3_000), sharer.full(3_000, STEP, roomOf)]).toEqual([200, expect.arrayContaining(['late'])]);
    sharer.leave(sharer.take('late', 3_000), 3_100);
    expect(sharer.full(3_100, STEP, roomOf)).not.toContain('late');
  });
});
