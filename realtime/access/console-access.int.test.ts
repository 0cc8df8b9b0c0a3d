import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { AccountList, type AccountWithLink } from '@trancendos/contracts/account';
import type { AuditPage } from '@trancendos/contracts/audit';
import { CALLER_HEADER } from '@trancendos/contracts/caller';
import { CSRF_HEADER } from '@trancendos/contracts/session';
import { verifyCaller } from '@trancendos/platform/caller-identity';
import { newId } from '@trancendos/platform/new-id';
import { connectPostgres } from '@trancendos/platform/postgres';
import { AccountDesk } from '../accounts/account-desk.ts';
import { PASSWORD, TestPeople, tokenOf } from '../accounts/run-test-people.ts';
import { OPERATOR } from '../audit/write-audit.ts';
import { CALLER_SECRET, LOGIN_TOKEN, runTestGateway } from '../run-test-gateway.ts';

let people: TestPeople;
beforeAll(async () => {
  people = await TestPeople.open();
}, 60_000);
afterAll(() => people.stop(), 30_000);
jest.setTimeout(30_000);

describe('accounts', () => {
  test('are made, changed and listed by admins, with a link for their owner and a trace of each step', async () => {
    const admin = await people.person('admin');
    const name = newId('usr').slice(-20);
    const made = await admin.browser.ask('POST /api/accounts', { name, roles: ['lead'] });
    const { account, link } = made.answer as unknown as AccountWithLink;
    expect(account).toMatchObject({ name, roles: ['lead'], status: 'invited', last_sign_in_at: null });
    expect((await admin.browser.ask('POST /api/accounts', { name, roles: ['lead'] })).answer.code).toBe('name_taken');
    const owner = people.browser();
    expect((await owner.ask('POST /api/session/set-up', { token: tokenOf(link), password: PASSWORD })).session!.user.name).toBe(name);
    expect((await admin.browser.ask(`PATCH /api/accounts/${account.id}`, { roles: ['auditor', 'lead'] })).answer).toMatchObject({
      status: 'active',
      roles: ['auditor', 'lead'],
    });
    expect((await owner.ask('GET /api/session')).status).toBe(401);
    expect(await people.auditOf(account.id)).toEqual(['account_created', 'link_issued', 'link_used', 'signed_in', 'account_changed']);
    const listed = (await admin.browser.ask('GET /api/accounts')).answer as unknown as { accounts: { name: string }[] };
    expect(listed.accounts.map((row) => row.name)).toContain(name);
    for (const body of [{}, { roles: [] }, { roles: ['root'] }, { disabled: 'yes' }, { name: 'other' }])
      expect((await admin.browser.ask(`PATCH /api/accounts/${account.id}`, body)).answer.code).toBe('invalid_field');
  });

  test('that are locked by attempts are told to admins, who can open them at once, with a trace', async () => {
    const [admin, owner] = [await people.person('admin'), await people.person('analyst')];
    const lockOf = async () => {
      const { accounts, locks_known } = AccountList.parse((await admin.browser.ask('GET /api/accounts')).answer);
      expect(locks_known).toBe(true);
      return accounts.find(({ id }) => id === owner.id)!.locked_until;
    };
    for (let attempt = 0; attempt < 4; attempt++) await people.browser().signIn(owner.name, 'wrong');
    expect(await lockOf()).toBeNull();
    await people.browser().signIn(owner.name, 'wrong');
    expect(Date.parse((await lockOf())!)).toBeGreaterThan(Date.now() + 50_000);
    expect((await people.browser().signIn(owner.name)).status).toBe(429);
    expect((await admin.browser.ask(`DELETE /api/accounts/${owner.id}/lock`)).answer).toMatchObject({
      name: owner.name,
      locked_until: null,
    });
    expect(await lockOf()).toBeNull();
    expect((await people.browser().signIn(owner.name)).status).toBe(200);
    expect(await people.auditOf(owner.id)).toContain('account_unlocked');
    expect((await admin.browser.ask(`DELETE /api/accounts/${newId('usr')}/lock`)).answer.code).toBe('account_unknown');
  });

  test('are out of reach for whoever does not manage them, and for a page elsewhere', async () => {
    const [admin, auditor] = [await people.person('admin'), await people.person('auditor')];
    const routes: [string, object?][] = [
      ['POST /api/accounts', { name: newId('usr').slice(-20), roles: ['admin'] }],
      [`PATCH /api/accounts/${auditor.id}`, { roles: ['admin'] }],
      [`POST /api/accounts/${auditor.id}/link`],
      [`DELETE /api/accounts/${auditor.id}/lock`],
      [`DELETE /api/accounts/${admin.id}/sessions`],
    ];
    expect((await auditor.browser.ask('GET /api/accounts')).answer.code).toBe('forbidden');
    for (const [route, body] of routes) {
      expect((await auditor.browser.ask(route, body)).answer.code).toBe('forbidden');
      expect((await admin.browser.ask(route, body, { [CSRF_HEADER]: 'guessed' })).answer.code).toBe('csrf_refused');
      expect((await admin.browser.ask(route, body, { origin: 'https://elsewhere.example' })).answer.code).toBe('origin_refused');
    }
    expect(await people.auditOf(auditor.id)).not.toContain('account_changed');
  });

  test('always have an admin, even when two leave at once', async () => {
    const { rows } = await people.postgres.pool.query<{ id: string }>(
      `SELECT id FROM realtime.account WHERE 'admin' = ANY(roles) AND NOT disabled`,
    );
    const [first, second] = [await people.person('admin'), await people.person('admin')];
    for (const { id } of rows) await people.desk.change(id, { disabled: true }, OPERATOR);
    const answers = await Promise.all([
      people.desk.change(first.id, { roles: ['analyst'] }, OPERATOR),
      people.desk.change(second.id, { disabled: true }, OPERATOR),
    ]);
    expect(answers.filter((answer) => answer === 'last_admin')).toHaveLength(1);
    const left = answers[0] === 'last_admin' ? first : second;
    const { answer } = await left.browser.ask(`PATCH /api/accounts/${left.id}`, { disabled: true });
    expect(answer.code).toBe('last_admin');
    for (const { id } of rows) await people.desk.change(id, { disabled: false }, OPERATOR);
  });
});

describe('what is passed on to a service', () => {
  test('names whoever is signed in, signed by the gateway, and nothing that the browser makes up', async () => {
    const { browser, id, name } = await people.person('ledger_ops');
    const forged = { [CALLER_HEADER]: 'k1.e30.xxx', authorization: 'Bearer x', 'x-forwarded-user': 'root' };
    await browser.ask('GET /api/ledger/v1/transfers?limit=3', undefined, forged);
    const headers = people.gateway.headersOf.get('/ledger/transfers?limit=3')!;
    expect([headers.cookie, headers.authorization, headers['x-forwarded-user']]).toEqual([undefined, undefined, undefined]);
    const keys = [{ id: 'test', secret: CALLER_SECRET }];
    const verify = (audience: 'ledger' | 'review') => verifyCaller(String(headers[CALLER_HEADER]), { keys, audience, nowMs: Date.now() });
    expect(verify('ledger')).toMatchObject({ kind: 'verified', caller: { user_id: id, name, roles: ['ledger_ops'] } });
    expect(verify('review')).toEqual({ kind: 'refused', reason: 'other_audience' });
  });

  test('comes back as it is, but for what is not for the browser', async () => {
    const { browser } = await people.person('ledger_ops');
    const { status, text, headers } = await browser.ask('GET /api/ledger/v1/accounts/many/statement?format=csv');
    expect([status, text, headers.get('content-type'), headers.get('set-cookie')]).toEqual([200, 'a,b\r\n1,2\r\n', 'text/csv', null]);
    expect(await people.auditOf('/api/ledger/v1/accounts/many/statement?format=csv')).toEqual(['data_exported']);
  });

  test('is exported by nobody whose roles only let them look', async () => {
    const { browser } = await people.person('analyst');
    expect((await browser.ask('GET /api/ledger/v1/accounts/many/statement?format=csv')).answer).toMatchObject({
      code: 'forbidden',
      capability: 'ledger:export',
    });
    expect((await browser.ask('GET /api/ledger/v1/accounts/many/statement')).status).toBe(200);
  });

  test('climbs out of no folder', async () => {
    const { browser } = await people.person('analyst');
    for (const path of ['decisions/%2e%2e', 'entities/%2E%2e/y', 'transactions/.%2e/y', '%2e%2e/control'])
      expect((await browser.ask(`GET /api/review/v1/${path}`)).status).toBe(404);
    expect(people.gateway.asked.filter((path) => path.includes('..'))).toEqual([]);
  });

  test('that a service does not answer, or does not believe, is told as a part that is away', async () => {
    const { browser } = await people.person('analyst');
    expect((await browser.ask('GET /api/ledger/v1/holds')).answer).toMatchObject({ code: 'service_away', status: 503 });
    expect((await browser.ask('GET /api/ledger/v1/batches/newest')).answer).toMatchObject({ code: 'service_away', status: 503 });
  });
});

describe('the audit log', () => {
  test('is read in pages without gaps or repetitions, newest first, and by kind', async () => {
    const { browser } = await people.person('auditor');
    const seen: number[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const { answer }: { answer: unknown } = await browser.ask(`GET /api/audit?limit=7${cursor && `&cursor=${cursor}`}`);
      const page = answer as AuditPage;
      seen.push(...page.events.map(({ seq }) => seq));
      cursor = page.next_cursor;
    }
    const { rows } = await people.postgres.pool.query<{ seq: string }>('SELECT seq FROM realtime.audit_event ORDER BY seq DESC');
    expect(seen).toEqual(rows.map(({ seq }) => Number(seq)));
    const { events } = (await browser.ask('GET /api/audit?kind=account_created')).answer as unknown as AuditPage;
    expect(new Set(events.map(({ kind }) => kind))).toEqual(new Set(['account_created']));
    expect((await browser.ask('GET /api/audit?limit=1000')).answer.code).toBe('invalid_field');
  });

  test('is only ever added to', async () => {
    for (const change of [
      'UPDATE realtime.audit_event SET actor_name = NULL',
      'DELETE FROM realtime.audit_event',
      'TRUNCATE realtime.audit_event',
    ])
      await expect(people.postgres.pool.query(change)).rejects.toThrow(/only ever added to/);
  });

  test('and every other table holds no password, no link and no id of a session', async () => {
    const { browser } = await people.person('analyst');
    const link = (await people.desk.create({ name: newId('usr').slice(-20), roles: ['lead'] }, OPERATOR)) as AccountWithLink;
    const { rows } = await people.postgres.pool.query<{ text: string }>(
      `SELECT a::text AS text FROM realtime.audit_event a UNION ALL SELECT a::text FROM realtime.account a UNION ALL SELECT l::text FROM realtime.one_time_link l`,
    );
    const all = rows.map(({ text }) => text).join('\n');
    for (const secret of [PASSWORD, browser.cookie!.split('=')[1]!, browser.csrf, tokenOf(link.link)]) expect(all).not.toContain(secret);
  });
});

describe('where NODE_ENV is production', () => {
  test('there is no demo, the cookie is for TLS alone, and set-up works', async () => {
    const production = await runTestGateway({ environment: { NODE_ENV: 'production' } });
    try {
      const login = await fetch(`${production.url}/login?token=${LOGIN_TOKEN}`, { redirect: 'manual' });
      expect([login.status, login.headers.get('set-cookie')]).toEqual([403, null]);
      expect(await login.json()).toMatchObject({ code: 'demo_refused' });
      const post = (path: string, body: object) =>
        fetch(production.url + path, {
          method: 'POST',
          headers: { [CSRF_HEADER]: 'x', 'content-type': 'application/json' },
          body: JSON.stringify(body),
        });
      expect((await post('/api/session/demo', {})).status).toBe(403);
      const own = await connectPostgres({ url: production.databaseUrl, applicationName: 'test' });
      const link = (await new AccountDesk(own).setUpLink(OPERATOR))!;
      await own.stop();
      const entered = await post('/api/session/set-up', { token: tokenOf(link), name: 'root', password: PASSWORD });
      expect(entered.headers.get('set-cookie')).toMatch(/^__Host-trancendos_session=[^;]{43}; Path=\/; HttpOnly; SameSite=Lax; Secure$/);
    } finally {
      await production.stop();
    }
  }, 60_000);
});
