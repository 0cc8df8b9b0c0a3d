import { describe, expect, test } from '@jest/globals';
import type { Session } from '@trancendos/shell-api';
import { ASK_BEFORE_MS, Presence, REPORT_EVERY_MS } from './presence.ts';
import { whyEnded } from './why-ended.ts';

const IDLE_MS = 15 * 60_000;
const LIFE_MS = 12 * 3_600_000;
const STARTED_MS = Date.parse('2026-05-01T08:00:00.000Z');
const instant = (ms: number) => new Date(ms).toISOString();

/** A gateway that keeps one session as ours does, and a page on it whose clock is turned by hand. */
function openPage() {
  let nowMs = STARTED_MS;
  let usedAtMs = STARTED_MS;
  const reports: number[] = [];
  const endMs = () => Math.min(usedAtMs + IDLE_MS, STARTED_MS + LIFE_MS);
  const session = (): Session | undefined =>
    nowMs >= endMs()
      ? undefined
      : {
          user: { id: 'usr_1', name: 'ada', roles: [] },
          capabilities: [],
          csrf: '',
          idleExpiresAt: instant(endMs()),
          expiresAt: instant(STARTED_MS + LIFE_MS),
          demo: false,
        };
  const answer = async (): Promise<void> => {
    await Promise.resolve();
    presence.follow(session());
  };
  const presence: Presence = new Presence({
    nowMs: () => nowMs,
    report: () => {
      reports.push((nowMs - STARTED_MS) / 1_000);
      if (session()) usedAtMs = nowMs;
      return answer();
    },
    look: answer,
  });
  presence.follow(session());
  return {
    presence,
    reports,
    isSignedIn: () => session() !== undefined,
    useElsewhere: () => (usedAtMs = nowMs),
    /** Lets time pass; `act` is what the reader does each second. */
    pass: async (ms: number, act: (second: number) => void = () => undefined) => {
      for (let second = 0; second < ms / 1_000; second++) {
        nowMs += 1_000;
        act(second);
        await presence.tick();
      }
    },
  };
}

describe('somebody who only watches', () => {
  test('is signed out after the idle time, having been asked two minutes before', async () => {
    const page = openPage();
    await page.pass(IDLE_MS - ASK_BEFORE_MS - 1_000);
    expect(page.presence.isAsking.get()).toBe(false);
    await page.pass(10_000);
    expect(page.presence.isAsking.get()).toBe(true);
    await page.pass(ASK_BEFORE_MS);
    expect([page.isSignedIn(), page.presence.isAsking.get(), page.reports]).toEqual([false, false, []]);
  });

  test('stays by answering, and is asked again when nothing happens then', async () => {
    const page = openPage();
    await page.pass(IDLE_MS - ASK_BEFORE_MS + 10_000);
    await page.presence.stay();
    expect([page.presence.isAsking.get(), page.reports]).toEqual([false, [(IDLE_MS - ASK_BEFORE_MS) / 1_000 + 10]]);
    await page.pass(IDLE_MS - ASK_BEFORE_MS - 1_000);
    expect([page.isSignedIn(), page.presence.isAsking.get()]).toEqual([true, false]);
    await page.pass(10_000);
    expect(page.presence.isAsking.get()).toBe(true);
  });

  test('is not kept by moving something while being asked', async () => {
    const page = openPage();
    await page.pass(IDLE_MS, () => page.presence.isAsking.get() && page.presence.notice());
    expect([page.isSignedIn(), page.reports]).toEqual([false, []]);
  });

  test('is not asked where another tab has used the session, and no longer where it does so meanwhile', async () => {
    const page = openPage();
    await page.pass(10 * 60_000);
    page.useElsewhere();
    await page.pass(IDLE_MS - ASK_BEFORE_MS - 1_000);
    expect(page.presence.isAsking.get()).toBe(false);
    await page.pass(10_000);
    expect(page.presence.isAsking.get()).toBe(true);
    page.useElsewhere();
    await page.pass(10_000);
    expect([page.presence.isAsking.get(), page.isSignedIn()]).toEqual([false, true]);
  });
});

describe('somebody who is there', () => {
  test('stays signed in for hours, and the gateway is told once a minute', async () => {
    const page = openPage();
    await page.pass(3_600_000, () => page.presence.notice());
    expect([page.isSignedIn(), page.presence.isAsking.get()]).toEqual([true, false]);
    expect(page.reports).toEqual(Array.from({ length: 60 }, (_, minute) => ((minute + 1) * REPORT_EVERY_MS) / 1_000));
  });

  test('is told of after the minute, when they moved once within it', async () => {
    const page = openPage();
    await page.pass(5 * 60_000, (second) => second === 9 && page.presence.notice());
    expect(page.reports).toEqual([60]);
  });

  test('is not asked before the end of the session itself, which nothing moves', async () => {
    const page = openPage();
    await page.pass(LIFE_MS - 1_000, () => page.presence.notice());
    expect([page.isSignedIn(), page.presence.isAsking.get()]).toEqual([true, false]);
    await page.pass(1_000);
    expect([page.isSignedIn(), page.presence.isAsking.get()]).toEqual([false, false]);
  });
});

test('a session that is over tells why, as far as its page knows', () => {
  const session = { idleExpiresAt: instant(STARTED_MS + IDLE_MS), expiresAt: instant(STARTED_MS + LIFE_MS) } as Session;
  expect(whyEnded(session, STARTED_MS + IDLE_MS)).toBe('idle');
  expect(whyEnded(session, STARTED_MS + 60_000)).toBe('ended');
  expect(whyEnded({ ...session, idleExpiresAt: session.expiresAt }, STARTED_MS + LIFE_MS)).toBe('full_length');
});
