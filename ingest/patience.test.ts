import { expect, test } from '@jest/globals';
import { nowMs } from '@trancendos/platform/clock';
import { Patience, type Wait } from './patience.ts';

const over = ({ end }: Wait) => new Promise<void>((resolve) => end.tell(resolve));

test.each([20, 200])('a wait of %i ms asks the policy first, and leaves the last look its time before the deadline', async (deadlineMs) => {
  const arrivedAtMs = nowMs();
  const wait = new Patience(arrivedAtMs, 60).waitFor(deadlineMs);
  const come: string[] = [];
  wait.nearEnd.tell(() => come.push('near end'));
  wait.end.tell(() => come.push('end'));
  await over(wait);
  expect(come).toEqual(['near end', 'end']);
  expect(nowMs() - arrivedAtMs).toBeGreaterThanOrEqual(deadlineMs - Math.min(25, deadlineMs / 4) - 2);
  expect([wait.dueAtMs, wait.deadlineMs]).toEqual([arrivedAtMs + deadlineMs, deadlineMs]);
});

test('whoever goes away ends all waits and asks no policy', async () => {
  const patience = new Patience(nowMs(), 60);
  const wait = patience.waitFor(100);
  patience.leave();
  expect([wait.end.hasCome, patience.waitFor(100).end.hasCome]).toEqual([true, true]);
  await new Promise((done) => setTimeout(done, 120));
  expect(wait.nearEnd.hasCome).toBe(false);
});
