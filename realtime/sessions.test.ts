import { describe, expect, test } from '@jest/globals';
import { loadConfig } from '@trancendos/platform/config';
import { isOwnOrigin } from './check-origin.ts';
import { RealtimeConfig } from './config.ts';
import { hashInlineScripts } from './console-page.ts';
import { MessageBudget } from './message-budget.ts';
import { readSessionCookie, renderSessionCookie } from './session-cookie.ts';
import { SESSION_IDLE_MS, SESSION_LIFE_MS, Sessions, type SessionStore, type StoredSession } from './sessions.ts';

class FakeStore implements SessionStore {
  readonly entries = new Map<string, StoredSession & { readonly userId: string }>();
  away = false;

  put(session: StoredSession & { readonly userId: string }): Promise<void> {
    return this.#answer(() => void this.entries.set(session.key, session));
  }

  get(key: string, usedAtMs?: number): Promise<StoredSession | undefined> {
    return this.#answer(() => {
      const entry = this.entries.get(key);
      if (entry && usedAtMs !== undefined) this.entries.set(key, { ...entry, usedAtMs });
      return this.entries.get(key);
    });
  }

  remove(key: string): Promise<boolean> {
    return this.#answer(() => this.entries.delete(key));
  }

  list(userId?: string): Promise<StoredSession[]> {
    return this.#answer(() => [...this.entries.values()].filter((entry) => userId === undefined || entry.userId === userId));
  }

  #answer<T>(act: () => T): Promise<T> {
    return this.away ? Promise.reject(new Error('away')) : Promise.resolve(act());
  }
}

const ada = {
  user_id: 'usr_1',
  name: 'ada',
  roles: ['analyst' as const],
  account_version: 1,
  opened_by: 'password' as const,
  address: '127.0.0.1',
  user_agent: 'test',
};
const demo = { ...ada, user_id: 'usr_0', name: 'demo', account_version: 0, opened_by: 'demo' as const };

function openSessions() {
  const store = new FakeStore();
  const clock = { nowMs: 1_000_000 };
  const sessions = new Sessions(store, () => clock.nowMs);
  const open = async (opening: Parameters<Sessions['open']>[0] = ada) => (await sessions.open(opening))!;
  return { store, clock, sessions, open };
}

describe('a session', () => {
  test('is found by its id, and the store does not know that id', async () => {
    const { sessions, store, open } = openSessions();
    const { id, key } = await open();
    expect(await sessions.find(id)).toMatchObject({ kind: 'found', key, session: { name: 'ada', roles: ['analyst'] } });
    expect(JSON.stringify([...store.entries])).not.toContain(id);
    expect(Buffer.from(id, 'base64url')).toHaveLength(32);
  });

  test('ends with its absolute life, however much it is used', async () => {
    const { sessions, clock, open } = openSessions();
    const { id } = await open();
    for (; clock.nowMs < 1_000_000 + SESSION_LIFE_MS - SESSION_IDLE_MS; clock.nowMs += SESSION_IDLE_MS / 2)
      expect((await sessions.find(id)).kind).toBe('found');
    clock.nowMs = 1_000_000 + SESSION_LIFE_MS;
    expect((await sessions.find(id)).kind).toBe('missing');
  });

  test('is used by asking with its id, not by looking at it; a demo by looking, too', async () => {
    const { sessions, clock, open } = openSessions();
    const [person, visitor] = [await open(), await open(demo)];
    clock.nowMs += 60_000;
    expect(await sessions.findByKey(person.key)).toMatchObject({ usedAtMs: 1_000_000 });
    expect(await sessions.findByKey(visitor.key)).toMatchObject({ usedAtMs: 1_060_000 });
    expect(await sessions.look(person.id)).toMatchObject({ kind: 'found', usedAtMs: 1_000_000 });
    expect(await sessions.look('no id of ours')).toEqual({ kind: 'missing' });
    expect(await sessions.find(person.id)).toMatchObject({ usedAtMs: 1_060_000 });
  });

  test('has another id, and another token for what changes something, than any other', async () => {
    const { open } = openSessions();
    const [first, second] = [await open(), await open()];
    expect(first.id).not.toBe(second.id);
    expect(first.session.csrf).not.toBe(second.session.csrf);
  });

  test('is gone after signing out, and so are all of an account, or all but one', async () => {
    const { sessions, open } = openSessions();
    const [first, second, third, other] = [await open(), await open(), await open(), await open({ ...ada, user_id: 'usr_2' })];
    expect(await sessions.close(first.key)).toBe(true);
    expect((await sessions.find(first.id)).kind).toBe('missing');
    expect(await sessions.endAll('usr_1', ({ key }) => key !== third.key)).toBe(1);
    expect([(await sessions.find(second.id)).kind, (await sessions.find(third.id)).kind]).toEqual(['missing', 'found']);
    expect(await sessions.endAll('usr_1')).toBe(1);
    expect(await sessions.list()).toMatchObject([{ key: other.key }]);
  });

  test('is one of ten of an account: another one ends the one that was not used for longest', async () => {
    const { sessions, clock, open } = openSessions();
    const opened = [];
    for (let count = 0; count < 12; count++, clock.nowMs += 1_000) opened.push(await open());
    const kinds = await Promise.all(opened.map(async ({ id }) => (await sessions.find(id)).kind));
    expect(kinds).toEqual(['missing', 'missing', ...Array<string>(10).fill('found')]);
  });

  test('is neither found nor missing while the store is away', async () => {
    const { sessions, store, open } = openSessions();
    const { id } = await open();
    store.away = true;
    expect((await sessions.find(id)).kind).toBe('unavailable');
    expect(await sessions.open(ada)).toBeUndefined();
    expect(await sessions.close('any')).toBe(false);
    expect(await sessions.endAll('usr_1')).toBeUndefined();
  });

  test.each([undefined, '', 'short', 'x'.repeat(44), `${'x'.repeat(42)}*`])(
    'is not looked up for %p, which is no id of ours',
    async (id) => {
      const { sessions, store } = openSessions();
      store.away = true;
      expect((await sessions.find(id)).kind).toBe('missing');
    },
  );

  test.each(['{"roles":["root"]', '{"roles":["root"]}', 'null'])('is missing when the store holds %p under its key', async (value) => {
    const { sessions, store, open } = openSessions();
    const { id, key } = await open();
    store.entries.set(key, { ...store.entries.get(key)!, value });
    expect((await sessions.find(id)).kind).toBe('missing');
  });
});

describe('the session cookie', () => {
  test('cannot be read by scripts nor sent by other sites, and is bound to TLS where there is TLS', () => {
    expect(renderSessionCookie('abc', { secure: false })).toBe('trancendos_session=abc; Path=/; HttpOnly; SameSite=Lax');
    expect(renderSessionCookie('abc', { secure: true })).toBe('__Host-trancendos_session=abc; Path=/; HttpOnly; SameSite=Lax; Secure');
  });

  test.each([true, false])('is found among others (secure: %p)', (secure) => {
    const [own] = renderSessionCookie('abc', { secure }).split(';');
    expect(readSessionCookie(`theme=dark; ${own}; other_trancendos_session=x`, { secure })).toBe('abc');
    expect(readSessionCookie('theme=dark', { secure })).toBeUndefined();
  });
});

describe('the origin of a request', () => {
  const hosts = ['localhost', '127.0.0.1', '[::1]'];
  const from = (host: string | undefined, origin?: string, fetchSite?: string) => isOwnOrigin({ host, origin, fetchSite }, hosts);

  test('is ours when the page that asks is the page that is asked', () => {
    expect(from('127.0.0.1:8080')).toBe(true);
    expect(from('localhost:8080', 'http://localhost:8080', 'same-origin')).toBe(true);
    expect(from('[::1]:8080', 'http://[::1]:8080')).toBe(true);
  });

  test('is foreign for other names, other ports and other sites', () => {
    expect(from(undefined)).toBe(false);
    expect(from('rebound.example:8080', 'http://rebound.example:8080')).toBe(false);
    expect(from('localhost:8080', 'http://localhost:3000')).toBe(false);
    expect(from('localhost:8080', 'https://evil.example')).toBe(false);
    expect(from('localhost:8080', 'null')).toBe(false);
    expect(from('localhost:8080', undefined, 'cross-site')).toBe(false);
  });
});

describe('the configuration', () => {
  const environment = {
    KAFKA_BROKERS: '127.0.0.1:19092',
    DATABASE_URL: 'postgres://user:word@127.0.0.1:15432/trancendos',
    REDIS_URL: 'redis://127.0.0.1:16379',
    CALLER_KEYS: `first:${Buffer.alloc(32, 1).toString('base64')},second:${Buffer.alloc(32, 2).toString('base64')}`,
    CONSOLE_LOGIN_TOKEN: 'a-long-enough-token',
  };

  test('has sensible defaults', () => {
    expect(loadConfig(RealtimeConfig, environment)).toMatchObject({
      REALTIME_PORT: 8080,
      CONSOLE_DEMO_SESSION: false,
      CONSOLE_HOSTS: ['localhost', '127.0.0.1', '[::1]'],
    });
  });

  test('refuses a console without sign-in in production, and names the variable', () => {
    const production = { ...environment, NODE_ENV: 'production' };
    expect(loadConfig(RealtimeConfig, production).NODE_ENV).toBe('production');
    expect(() => loadConfig(RealtimeConfig, { ...production, CONSOLE_DEMO_SESSION: 'true' })).toThrow(/CONSOLE_DEMO_SESSION does not fit/);
  });

  test('knows each key that signs for whom services are asked, the signing one first', () => {
    const keys = loadConfig(RealtimeConfig, environment).CALLER_KEYS.reveal();
    expect(keys.map(({ id, secret }) => [id, secret.length])).toEqual([
      ['first', 32],
      ['second', 32],
    ]);
    for (const CALLER_KEYS of ['first:short', 'no-name', ''])
      expect(() => loadConfig(RealtimeConfig, { ...environment, CALLER_KEYS })).toThrow(/CALLER_KEYS/);
  });

  test('refuses a token that can be guessed', () => {
    expect(() => loadConfig(RealtimeConfig, { ...environment, CONSOLE_LOGIN_TOKEN: 'short' })).toThrow(/CONSOLE_LOGIN_TOKEN/);
  });
});

describe('the policy of the page', () => {
  test('knows the scripts that stand in it by their hash, and needs none for those it loads', () => {
    const html = '<head><script>alert(1)</script><script type="module" crossorigin src="/assets/a.js"></script></head>';
    // printf 'alert(1)' | openssl dgst -sha256 -binary | base64
    expect(hashInlineScripts(html)).toEqual(["'sha256-bhHHL3z2vDgxUt0W3dWQOrprscmda2Y5pLsLg4GF+pI='"]);
  });
});

describe('what one console may say', () => {
  test('is limited in any ten seconds', () => {
    const budget = new MessageBudget();
    expect(Array.from({ length: 121 }, () => budget.spend(1_000)).filter(Boolean)).toHaveLength(120);
    expect(budget.spend(11_000)).toBe(true);
  });
});
