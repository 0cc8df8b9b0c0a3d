import type { AccountWithLink } from '@trancendos/contracts/account';
import type { ConsoleProblem } from '@trancendos/contracts/console-problem';
import { CSRF_HEADER, SessionAnswer, type Role } from '@trancendos/contracts/session';
import { pause } from '@trancendos/platform/clock';
import { newId } from '@trancendos/platform/new-id';
import { connectPostgres, type Postgres } from '@trancendos/platform/postgres';
import { randomInt } from 'node:crypto';
import { OPERATOR } from '../audit/write-audit.ts';
import { runTestGateway, type TestGateway, type TestGatewayOptions } from '../run-test-gateway.ts';
import { AccountDesk } from './account-desk.ts';

export const PASSWORD = 'vier kleine graue Steine';

/** A gateway with the people who use it, each at an address of their own: attempts are counted by address, and other tests count, too. */
export class TestPeople {
  readonly gateway: TestGateway;
  readonly postgres: Postgres;
  readonly desk: AccountDesk;

  private constructor(gateway: TestGateway, postgres: Postgres) {
    this.gateway = gateway;
    this.postgres = postgres;
    this.desk = new AccountDesk(postgres);
  }

  static async open(options: TestGatewayOptions = {}): Promise<TestPeople> {
    const gateway = await runTestGateway({ ...options, environment: { CONSOLE_PROXIES: '127.0.0.1' } });
    return new TestPeople(gateway, await connectPostgres({ url: gateway.databaseUrl, applicationName: 'test' }));
  }

  browser(address = `10.${randomInt(256)}.${randomInt(256)}.${randomInt(256)}`): TestBrowser {
    return new TestBrowser(this.gateway.url, address);
  }

  /** An account with a password, and the browser that is signed in with it. */
  async person(...roles: Role[]): Promise<{ name: string; id: string; browser: TestBrowser }> {
    const name = newId('usr').slice(-20);
    const { account, link } = (await this.desk.create({ name, roles }, OPERATOR)) as AccountWithLink;
    const browser = this.browser();
    const { status, text } = await browser.ask('POST /api/session/set-up', { token: tokenOf(link), password: PASSWORD });
    if (status !== 200) throw new Error(`nobody is let in: ${text}`);
    return { name, id: account.id, browser };
  }

  /** What the audit log says that was done to somebody or something, in order. */
  async auditOf(subject: string): Promise<string[]> {
    const query = 'SELECT kind FROM realtime.audit_event WHERE subject = $1 ORDER BY seq';
    return (await this.postgres.pool.query<{ kind: string }>(query, [subject])).rows.map(({ kind }) => kind);
  }

  async stop(): Promise<void> {
    await this.postgres.stop();
    await this.gateway.stop();
  }
}

/** What the gateway gave. */
export interface ConsoleReply {
  readonly status: number;
  readonly answer: ConsoleProblem;
  readonly session: SessionAnswer | undefined;
  readonly headers: Headers;
  readonly text: string;
}

/** A browser at one address: keeps its cookie and the token of its session. */
export class TestBrowser {
  cookie: string | undefined;
  csrf = 'none yet';
  readonly #url: string;
  readonly #address: string;

  constructor(url: string, address: string) {
    this.#url = url;
    this.#address = address;
  }

  async ask(route: string, body?: object, headers: Record<string, string> = {}): Promise<ConsoleReply> {
    const [method = '', path = ''] = route.split(' ');
    const sent = body && { 'content-type': 'application/json' };
    const response = await fetch(this.#url + path, {
      method,
      redirect: 'manual',
      headers: { ...this.#headersFor(method), ...sent, ...headers },
      ...(body && { body: JSON.stringify(body) }),
    });
    const [cookie] = response.headers.get('set-cookie')?.split(';') ?? [];
    if (cookie !== undefined) this.cookie = cookie;
    const text = await response.text();
    const answer = text.startsWith('{') ? (JSON.parse(text) as unknown) : text;
    const session = SessionAnswer.safeParse(answer).data;
    if (session) this.csrf = session.csrf;
    return { status: response.status, answer: answer as ConsoleProblem, session, headers: response.headers, text };
  }

  #headersFor(method: string): Record<string, string> {
    return {
      'x-forwarded-for': this.#address,
      ...(this.cookie !== undefined && { cookie: this.cookie }),
      ...(method !== 'GET' && { [CSRF_HEADER]: this.csrf }),
    };
  }

  signIn(name: string, password = PASSWORD): Promise<ConsoleReply> {
    return this.ask('POST /api/session', { name, password });
  }
}

/** The token in a one-time link. */
export function tokenOf({ path }: { readonly path: string }): string {
  return path.split('#')[1] ?? '';
}

/** Milliseconds until something holds. */
export async function until(holds: () => boolean | Promise<boolean>, withinMs = 15_000): Promise<number> {
  const startedMs = performance.now();
  while (!(await holds())) {
    if (performance.now() - startedMs > withinMs) throw new Error(`did not happen within ${withinMs} ms`);
    await pause(20);
  }
  return performance.now() - startedMs;
}
