import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { AccountWithLink } from '@trancendos/contracts/account';
import { BACKGROUND_HEADER, CSRF_HEADER, SessionList, SignInWays } from '@trancendos/contracts/session';
import { newId } from '@trancendos/platform/new-id';
import { testServers } from '@trancendos/platform/testing';
import { Redis } from 'ioredis';
import { createHash, randomInt } from 'node:crypto';
import { io } from 'socket.io-client';
import { OPERATOR } from '../audit/write-audit.ts';
import { CuttableConnection } from '../cut-connection.ts';
import { PASSWORD, TestPeople, tokenOf, until } from './run-test-people.ts';

let people: TestPeople;
let redisConnection: CuttableConnection;

beforeAll(async () => {
  redisConnection = await CuttableConnection.open(new URL(testServers().redisUrl));
  people = await TestPeople.open({ redisUrl: `redis://127.0.0.1:${redisConnection.port}` });
}, 60_000);

afterAll(async () => {
  await people.stop();
  await redisConnection.close();
}, 30_000);

jest.setTimeout(30_000);

describe('the first account', () => {
  test('is made by a link that is valid once, is an admin, and is signed in', async () => {
    const ways = async () => SignInWays.parse((await people.browser().ask('GET /api/session/ways')).answer);
    expect(await ways()).toMatchObject({ needs_set_up: true, ways: [{ kind: 'password' }] });
    const earlier = tokenOf((await people.desk.setUpLink(OPERATOR))!);
    const token = tokenOf((await people.desk.setUpLink(OPERATOR))!);
    const browser = people.browser();
    expect((await browser.ask('POST /api/session/link', { token: earlier })).answer.code).toBe('link_refused');
    expect((await browser.ask('POST /api/session/link', { token })).answer).toMatchObject({ kind: 'set_up', name: null });
    const asked = { token, name: 'Root', password: PASSWORD };
    expect((await browser.ask('POST /api/session/set-up', { token, password: PASSWORD })).answer).toMatchObject({
      code: 'invalid_field',
      errors: [{ pointer: '/name' }],
    });
    expect((await browser.ask('POST /api/session/set-up', { ...asked, password: 'Password1234' })).answer).toMatchObject({
      code: 'weak_password',
      weakness: 'common',
    });
    const answers = await Promise.all([
      people.browser().ask('POST /api/session/set-up', asked),
      browser.ask('POST /api/session/set-up', asked),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 410]);
    const { session } = answers.find(({ status }) => status === 200)!;
    expect(session).toMatchObject({ user: { name: 'root', roles: ['admin'] }, demo: false });
    expect(await ways()).toMatchObject({ needs_set_up: false });
    expect(await people.desk.setUpLink(OPERATOR)).toBeUndefined();
  });
});

describe('signing in', () => {
  test('by name and password, however the name is typed, opens a session that cookies of before have no part in', async () => {
    const { name } = await people.person('analyst');
    const browser = people.browser();
    browser.cookie = `trancendos_session=${'A'.repeat(43)}`;
    const { status, session, headers } = await browser.signIn(` ${name.toUpperCase()} `);
    expect(status).toBe(200);
    expect(session!.capabilities).toEqual(['live:read', 'decisions:read', 'ledger:read', 'insights:read']);
    expect(headers.get('set-cookie')).toMatch(/^trancendos_session=[A-Za-z0-9_-]{43}; Path=\/; HttpOnly; SameSite=Lax$/);
    expect(browser.cookie).not.toContain('A'.repeat(43));
    const before = browser.cookie;
    await browser.signIn(name);
    expect(browser.cookie).not.toBe(before);
    expect((await browser.ask('GET /api/session', undefined, { cookie: before })).answer.code).toBe('session_expired');
  });

  test('tells nobody which names there are, whether disabled, without a password yet, or none at all', async () => {
    const [known, disabled] = [await people.person('analyst'), await people.person('analyst')];
    await people.desk.change(disabled.id, { disabled: true }, OPERATOR);
    const invited = newId('usr').slice(-20);
    await people.desk.create({ name: invited, roles: ['analyst'] }, OPERATOR);
    const answers = [];
    for (const [name, password] of [
      [known.name, 'not their password'],
      [disabled.name],
      [invited],
      ['nobody-of-this-name'],
      ['not a name at all \u0000'],
    ]) {
      const { status, answer } = await people.browser().signIn(name!, password);
      answers.push(JSON.stringify([status, { ...answer, request_id: undefined }]));
    }
    expect(new Set(answers).size).toBe(1);
    expect(answers[0]).toContain('sign_in_refused');
  });

  test('is not looked at after five attempts at a name, not even with the right password, and admins can help', async () => {
    const { name, id } = await people.person('analyst');
    for (let attempt = 0; attempt < 5; attempt++) expect((await people.browser().signIn(name, 'wrong')).status).toBe(401);
    const { status, answer, headers } = await people.browser().signIn(name);
    expect([status, answer.code]).toEqual([429, 'locked_out']);
    expect(answer.retry_after).toBeGreaterThan(50);
    expect(headers.get('retry-after')).toBe(String(answer.retry_after));
    expect((await people.auditOf(id)).slice(-2)).toEqual(['sign_in_failed', 'locked_out']);
    const { link } = (await people.desk.resetLink(id, OPERATOR)) as AccountWithLink;
    const asked = { token: tokenOf(link), password: `${PASSWORD} 2` };
    expect((await people.browser().ask('POST /api/session/set-up', asked)).status).toBe(200);
    expect((await people.browser().signIn(name, asked.password)).status).toBe(200);
  });

  test('is not looked at more often because the attempts come all at once', async () => {
    const { name } = await people.person('analyst');
    const answers = await Promise.all(Array.from({ length: 15 }, () => people.browser().signIn(name, 'wrong')));
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(5);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(10);
  });

  test('is not looked at from an address that has tried twenty names, whatever it succeeds in meanwhile', async () => {
    const { name } = await people.person('analyst');
    const address = `192.0.2.${randomInt(256)}`;
    const attempts = Array.from({ length: 19 }, (_, place) => `${newId('usr').slice(-12)}-${place}`);
    for (const other of attempts.slice(0, 10)) await people.browser(address).signIn(other, 'x');
    expect((await people.browser(address).signIn(name)).status).toBe(200);
    for (const other of attempts.slice(10)) await people.browser(address).signIn(other, 'x');
    await people.browser(address).signIn('one-more-name', 'x');
    expect((await people.browser(address).signIn(name)).answer.code).toBe('locked_out');
  }, 30_000);

  test('is refused while sessions cannot be kept', async () => {
    const { name } = await people.person('analyst');
    redisConnection.cut();
    const { status, answer } = await people.browser().signIn(name);
    redisConnection.mend();
    expect([status, answer.code]).toEqual([503, 'session_store_away']);
    await until(async () => (await people.gateway.ready()).length === 0);
  });
});

describe('a session', () => {
  test('lasts fifteen minutes from its last use and twelve hours in all', async () => {
    const { browser } = await people.person('analyst');
    const { session } = await browser.ask('GET /api/session');
    const inMs = (instant: string) => Date.parse(instant) - Date.now();
    expect(Math.abs(inMs(session!.idle_expires_at) - 15 * 60_000)).toBeLessThan(5_000);
    expect(Math.abs(inMs(session!.expires_at) - 12 * 3_600_000)).toBeLessThan(60_000);
  });

  test('is kept by whoever asks or is said to be present, not by a page that reads or connects by itself', async () => {
    const { browser } = await people.person('analyst');
    const redis = new Redis(testServers().redisUrl);
    const stored = `console-session:${createHash('sha256').update(browser.cookie!.split('=')[1]!).digest('hex')}`;
    const leftMs = async () => (await redis.pttl(stored)) / 60_000;
    await redis
      .multi()
      .hset(stored, 'used_at_ms', Date.now() - 10 * 60_000)
      .pexpire(stored, 5 * 60_000)
      .exec();
    const { session } = await browser.ask('GET /api/session', undefined, { [BACKGROUND_HEADER]: 'true' });
    expect((Date.parse(session!.idle_expires_at) - Date.now()) / 60_000).toBeCloseTo(5, 0);
    const socket = io(people.gateway.url, { transports: ['websocket'], reconnection: false, extraHeaders: { cookie: browser.cookie! } });
    await until(() => socket.connected);
    socket.disconnect();
    expect(await leftMs()).toBeLessThan(5.01);
    expect((await browser.ask('POST /api/session/presence', undefined, { [CSRF_HEADER]: 'x' })).answer.code).toBe('csrf_refused');
    const present = await browser.ask('POST /api/session/presence', undefined, { [BACKGROUND_HEADER]: 'true' });
    expect((Date.parse(present.session!.idle_expires_at) - Date.now()) / 60_000).toBeCloseTo(15, 0);
    expect(await leftMs()).toBeGreaterThan(14.5);
    redis.disconnect();
  });

  test('is listed to its owner, who can end it or all others', async () => {
    const { browser, name } = await people.person('analyst');
    const [second, third] = [people.browser(), people.browser()];
    await second.signIn(name);
    await third.signIn(name);
    const { sessions } = SessionList.parse((await browser.ask('GET /api/sessions/own')).answer);
    expect(sessions).toHaveLength(3);
    expect(sessions.filter(({ current }) => current)).toHaveLength(1);
    expect(JSON.stringify(sessions)).not.toContain(second.cookie!.split('=')[1]);
    const other = sessions.find(({ current }) => !current)!;
    expect((await browser.ask(`DELETE /api/sessions/own/${other.id}`)).answer).toEqual({ ended: 1 });
    expect((await browser.ask('DELETE /api/sessions/own')).answer).toEqual({ ended: 1 });
    for (const ended of [second, third]) expect((await ended.ask('GET /api/session')).status).toBe(401);
    expect((await browser.ask('GET /api/session')).status).toBe(200);
  });

  test("of somebody else's account is ended by nobody but admins", async () => {
    const [victim, attacker, admin] = [await people.person('analyst'), await people.person('auditor'), await people.person('admin')];
    const { id } = SessionList.parse((await victim.browser.ask('GET /api/sessions/own')).answer).sessions[0]!;
    expect((await attacker.browser.ask(`DELETE /api/sessions/own/${id}`)).answer.code).toBe('session_unknown');
    expect((await attacker.browser.ask(`DELETE /api/sessions/${id}`)).answer).toMatchObject({
      code: 'forbidden',
      capability: 'sessions:revoke',
    });
    expect((await admin.browser.ask(`DELETE /api/sessions/${id}`)).answer).toEqual({ ended: 1 });
    expect((await victim.browser.ask('GET /api/session')).answer.code).toBe('session_expired');
    expect(await people.auditOf(victim.id)).toContain('session_revoked');
  });

  test('loses its connection within two seconds after it was ended', async () => {
    const [{ browser, id }, admin] = [await people.person('analyst'), await people.person('admin')];
    const socket = io(people.gateway.url, {
      transports: ['websocket'],
      reconnection: false,
      extraHeaders: { cookie: browser.cookie! },
      forceNew: true,
    });
    await until(() => socket.connected);
    expect((await admin.browser.ask(`DELETE /api/accounts/${id}/sessions`)).answer).toEqual({ ended: 1 });
    expect(await until(() => !socket.connected)).toBeLessThan(2_000);
  });

  test('ends when another password is chosen, but for the one that chose it, which gets another id', async () => {
    const { browser, name } = await people.person('analyst');
    const other = people.browser();
    await other.signIn(name);
    const before = browser.cookie!;
    const change = (current: string, next: string) =>
      browser.ask('PUT /api/session/password', { current_password: current, new_password: next });
    expect((await change('wrong', `${PASSWORD} 2`)).answer.code).toBe('sign_in_refused');
    expect((await change(PASSWORD, PASSWORD)).answer).toMatchObject({ code: 'weak_password', weakness: 'unchanged' });
    expect((await change(PASSWORD, `${PASSWORD} 2`)).status).toBe(200);
    expect(browser.cookie).not.toBe(before);
    expect((await browser.ask('GET /api/session')).status).toBe(200);
    expect((await browser.ask('GET /api/session', undefined, { cookie: before })).status).toBe(401);
    expect((await other.ask('GET /api/session')).status).toBe(401);
    expect((await people.browser().signIn(name)).status).toBe(401);
    expect((await people.browser().signIn(name, `${PASSWORD} 2`)).status).toBe(200);
  });

  test('ends when its roles change or its account is disabled, also by somebody on the command line', async () => {
    const [first, second] = [await people.person('analyst'), await people.person('analyst')];
    await people.desk.change(first.id, { roles: ['auditor'] }, OPERATOR);
    await people.desk.change(second.id, { disabled: true }, OPERATOR);
    for (const { browser } of [first, second])
      expect(await until(async () => (await browser.ask('GET /api/session')).status === 401)).toBeLessThan(4_000);
    expect((await first.browser.signIn(first.name)).session!.capabilities).toContain('audit:read');
    expect((await second.browser.signIn(second.name)).status).toBe(401);
  });
});
