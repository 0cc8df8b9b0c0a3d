import { describe, expect, test } from '@jest/globals';
import { loadConfig } from '@trancendos/platform/config';
import { isOwnOrigin } from './check-origin.ts';
import { RealtimeConfig } from './config.ts';
import { hashInlineScripts } from './console-page.ts';
import { MessageBudget } from './message-budget.ts';
import { readSessionCookie, renderSessionCookie } from './session-cookie.ts';
import { SESSION_IDLE_MS, SESSION_LIFE_MS, Sessions, type SessionStore } from './sessions.ts';

class FakeStore implements SessionStore {
  readonly entries = new Map<string, string>();
  away = false;

  put(key: string, value: string): Promise<void> {
    return this.#answer(() => void this.entries.set(key, value));
  }

  getAndExtend(key: string): Promise<string | null> {
    return this.#answer(() => this.entries.get(key) ?? null);
  }

  remove(key: string): Promise<void> {
    return this.#answer(() => void this.entries.delete(key));
  }

  #answer<T>(act: () => T): Promise<T> {
    return this.away ? Promise.reject(new Error('away')) : Promise.resolve(act());
  }
}

function openSessions() {
  const store = new FakeStore();
  const clock = { nowMs: 1_000_000 };
  return { store, clock, sessions: new Sessions(store, () => clock.nowMs) };
}

describe('a session', () => {
  test('is found by its id, and the store does not know that id', async () => {
    const { sessions, store } = openSessions();
    const id = (await sessions.open('login_link'))!;
    expect(await sessions.find(id)).toMatchObject({ kind: 'found', session: { origin: 'login_link', role: 'analyst' } });
    expect(JSON.stringify([...store.entries])).not.toContain(id);
    expect(Buffer.from(id, 'base64url')).toHaveLength(32);
  });

  test('ends with its absolute life, however much it is used', async () => {
    const { sessions, clock, store } = openSessions();
    const id = (await sessions.open('demo'))!;
    for (; clock.nowMs < 1_000_000 + SESSION_LIFE_MS - SESSION_IDLE_MS; clock.nowMs += SESSION_IDLE_MS / 2)
      expect((await sessions.find(id)).kind).toBe('found');
    clock.nowMs = 1_000_000 + SESSION_LIFE_MS;
    expect((await sessions.find(id)).kind).toBe('missing');
    expect(store.entries.size).toBe(0);
  });

  test('is gone after signing out', async () => {
    const { sessions } = openSessions();
    const id = (await sessions.open('demo'))!;
    const found = await sessions.find(id);
    expect(found.kind === 'found' && (await sessions.close(found.key))).toBe(true);
    expect((await sessions.find(id)).kind).toBe('missing');
  });

  test('is neither found nor missing while the store is away', async () => {
    const { sessions, store } = openSessions();
    const id = (await sessions.open('demo'))!;
    store.away = true;
    expect((await sessions.find(id)).kind).toBe('unavailable');
    expect(await sessions.open('demo')).toBeUndefined();
    expect(await sessions.close('any')).toBe(false);
  });

  test.each([undefined, '', 'short', 'x'.repeat(44), `${'x'.repeat(42)}*`])(
    'is not looked up for %p, which is no id of ours',
    async (id) => {
      const { sessions, store } = openSessions();
      store.away = true;
      expect((await sessions.find(id)).kind).toBe('missing');
    },
  );

  test('is missing when the store holds something else under its key', async () => {
    const { sessions, store } = openSessions();
    const id = (await sessions.open('demo'))!;
    for (const [key] of store.entries) store.entries.set(key, '{"role":"root"');
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
    REDIS_URL: 'redis://127.0.0.1:16379',
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
