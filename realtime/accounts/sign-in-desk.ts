import type { PasswordWeakness } from '@trancendos/contracts/console-problem';
import type { PasswordChange, SetUpRequest, SignInRequest } from '@trancendos/contracts/session';
import { UserName } from '@trancendos/contracts/session';
import type { Postgres } from '@trancendos/platform/postgres';
import type pg from 'pg';
import { writeAudit, type Actor } from '../audit/write-audit.ts';
import type { FoundSession, Session, Sessions } from '../sessions.ts';
import type { AttemptCounter } from './count-attempts.ts';
import type { PasswordHasher } from './hash-password.ts';
import { judgePassword } from './judge-password.ts';
import { findLink, useLink, type LinkRow } from './one-time-links.ts';
import { createAccount, findAccount, lockAccounts, noteSignIn, renewHash, setPassword, type AccountRow } from './store-accounts.ts';

/** Who is in front of a browser, before anybody knows who that is. */
export interface Visitor {
  readonly address: string;
  readonly userAgent: string;
  readonly requestId: string;
  /** The session that the browser comes with; it ends when another is opened. */
  readonly sessionKey: string | undefined;
}

/** `id` is for the browser's cookie, and for nothing else. */
export type SignInAnswer = { readonly kind: 'signed_in'; readonly id: string; readonly session: FoundSession } | SignInRefusal;
export type SignInRefusal =
  | {
      readonly kind: 'refused';
      readonly code: 'sign_in_refused' | 'link_refused' | 'name_missing' | 'name_taken' | 'too_busy' | 'session_store_away';
    }
  | { readonly kind: 'locked_out'; readonly waitMs: number }
  | { readonly kind: 'weak_password'; readonly weakness: PasswordWeakness };

export interface SignInParts {
  readonly postgres: Postgres;
  readonly sessions: Sessions;
  readonly attempts: AttemptCounter;
  readonly hasher: PasswordHasher;
}

/**
 * Where people become sessions: by name and password, or by a link that is valid once. An identity provider, or a second factor, would be one
 * more method that ends in the same session. Throws only where PostgreSQL does not answer.
 */
export class SignInDesk {
  readonly #parts: SignInParts;

  constructor(parts: SignInParts) {
    this.#parts = parts;
  }

  /** The same answer, after the same time, for a name that is not known, an account that is disabled and a password that does not fit. */
  async signIn({ name: typed, password }: SignInRequest, visitor: Visitor): Promise<SignInAnswer> {
    const possible = UserName.safeParse(typed).data;
    const name = possible ?? typed;
    const attempt = await this.#parts.attempts.begin(name, visitor.address);
    if (attempt.kind === 'locked') return { kind: 'locked_out', waitMs: attempt.waitMs };
    if (attempt.kind === 'unavailable') return refused('session_store_away');
    const account = possible === undefined ? undefined : await this.#findAccount(possible, visitor);
    const answer = await this.#parts.hasher.verify(hashOf(account), password);
    if (answer.kind === 'busy') {
      await this.#parts.attempts.takeBack(name, visitor.address);
      return refused('too_busy');
    }
    if (answer.kind === 'does_not_fit' || account === undefined) {
      await this.#noteFailure(account, visitor, attempt.locks);
      return refused('sign_in_refused');
    }
    await this.#parts.attempts.succeed(name, visitor.address);
    const signedIn = await this.#open(account, visitor);
    if (answer.isOutdated && signedIn.kind === 'signed_in') await this.#renewHash(account, password);
    return signedIn;
  }

  /** What a link is for; undefined where it does not hold. */
  question(token: string): Promise<LinkRow | undefined> {
    return findLink(this.#parts.postgres.pool, token);
  }

  /** Uses a link up: makes the first account, or gives an account a password; and signs in. */
  async useLink({ token, name: given, password }: SetUpRequest, visitor: Visitor): Promise<SignInAnswer> {
    const { postgres, hasher, attempts, sessions } = this.#parts;
    const link = await findLink(postgres.pool, token);
    if (!link) return refused('link_refused');
    const name = link.name ?? given;
    if (name === undefined) return refused('name_missing');
    const weakness = judgePassword(password, name);
    if (weakness) return { kind: 'weak_password', weakness };
    const passwordHash = await hasher.hash(password);
    if (passwordHash === undefined) return refused('too_busy');
    const account = await postgres.inTransaction(async (client) => {
      await lockAccounts(client);
      const isValid = (await findLink(client, token)) !== undefined && (await useLink(client, token));
      return isValid ? this.#giveAccount(client, { link, name, passwordHash }, visitor) : undefined;
    });
    if (!account) return refused('link_refused');
    await sessions.endAll(account.id);
    await attempts.forget(account.name);
    return this.#open(account, visitor);
  }

  /** Changes the password of whoever is signed in, after another look at the present one. All their sessions end, and one begins. */
  async changePassword(asked: PasswordChange, { session }: FoundSession, visitor: Visitor): Promise<SignInAnswer> {
    const { postgres, hasher, attempts, sessions } = this.#parts;
    const attempt = await attempts.begin(session.name, visitor.address);
    if (attempt.kind === 'locked') return { kind: 'locked_out', waitMs: attempt.waitMs };
    if (attempt.kind === 'unavailable') return refused('session_store_away');
    const account = await findAccount(postgres.pool, { id: session.user_id });
    const answer = await hasher.verify(hashOf(account), asked.current_password);
    if (answer.kind === 'busy') {
      await attempts.takeBack(session.name, visitor.address);
      return refused('too_busy');
    }
    if (answer.kind === 'does_not_fit' || !account) {
      await this.#noteFailure(account, visitor, attempt.locks);
      return refused('sign_in_refused');
    }
    await attempts.succeed(session.name, visitor.address);
    const weakness = asked.new_password === asked.current_password ? 'unchanged' : judgePassword(asked.new_password, account.name);
    if (weakness) return { kind: 'weak_password', weakness };
    const passwordHash = await hasher.hash(asked.new_password);
    if (passwordHash === undefined) return refused('too_busy');
    const changed = await postgres.inTransaction(async (client) => {
      await writeAudit(client, { kind: 'password_changed', actor: actorOf(account, visitor), subject: account.id });
      return setPassword(client, account.id, passwordHash);
    });
    if (!changed) return refused('sign_in_refused');
    await sessions.endAll(account.id);
    return this.#open(changed, visitor);
  }

  /** A session of a demo, without an account. The caller has made sure that there is a demo. */
  async openDemo(openedBy: 'link' | 'demo', visitor: Visitor): Promise<SignInAnswer> {
    const opened = await this.#parts.sessions.open({ ...DEMO_USER, opened_by: openedBy, ...browserOf(visitor) });
    return opened ? { kind: 'signed_in', id: opened.id, session: opened } : refused('session_store_away');
  }

  /** Where the database fails, the attempt was none. */
  async #findAccount(name: string, visitor: Visitor): Promise<AccountRow | undefined> {
    try {
      return await findAccount(this.#parts.postgres.pool, { name });
    } catch (error) {
      await this.#parts.attempts.takeBack(name, visitor.address);
      throw error;
    }
  }

  async #giveAccount(
    client: pg.PoolClient,
    { link, name, passwordHash }: { readonly link: LinkRow; readonly name: string; readonly passwordHash: string },
    visitor: Visitor,
  ): Promise<AccountRow | undefined> {
    const nobody = actorOf(undefined, visitor);
    const made = link.account_id === null ? await createAccount(client, { name, roles: ['admin'] }, nobody) : { id: link.account_id };
    if (typeof made === 'string') return undefined;
    const account = await setPassword(client, made.id, passwordHash);
    if (account)
      await writeAudit(client, { kind: 'link_used', actor: actorOf(account, visitor), subject: account.id, after: { kind: link.kind } });
    return account;
  }

  /** A new id in any case: whoever knew the one of before, or gave it to the browser, knows nothing of this one. */
  async #open(account: AccountRow, visitor: Visitor): Promise<SignInAnswer> {
    const { postgres, sessions } = this.#parts;
    const { id, name, roles, version } = account;
    const opened = await sessions.open({
      user_id: id,
      name,
      roles,
      account_version: version,
      opened_by: 'password',
      ...browserOf(visitor),
    });
    if (!opened) return refused('session_store_away');
    const actor: Actor = { ...actorOf(account, visitor), session_id: opened.key };
    const noted = await postgres
      .inTransaction(async (client) => {
        await writeAudit(client, { kind: 'signed_in', actor, subject: id, after: { roles } });
        return noteSignIn(client, account);
      })
      .catch(async (error: unknown) => {
        await sessions.end(opened.key);
        throw error;
      });
    if (!noted) {
      await sessions.end(opened.key);
      return refused('sign_in_refused');
    }
    if (visitor.sessionKey !== undefined) await sessions.end(visitor.sessionKey);
    return { kind: 'signed_in', id: opened.id, session: opened };
  }

  async #noteFailure(account: AccountRow | undefined, visitor: Visitor, locks: boolean): Promise<void> {
    const event = { actor: actorOf(undefined, visitor), subject: account?.id ?? null };
    await this.#parts.postgres.inTransaction(async (client) => {
      await writeAudit(client, { kind: 'sign_in_failed', ...event });
      if (locks) await writeAudit(client, { kind: 'locked_out', ...event });
    });
  }

  async #renewHash(account: AccountRow, password: string): Promise<void> {
    const passwordHash = await this.#parts.hasher.hash(password);
    if (passwordHash !== undefined) await renewHash(this.#parts.postgres.pool, account, passwordHash);
  }
}

/** Whoever looks at a demo may see everything and change nothing. */
const DEMO_USER = {
  user_id: 'usr_00000000-0000-7000-8000-000000000000',
  name: 'demo',
  roles: ['analyst', 'risk_manager', 'ledger_ops', 'auditor'],
  account_version: 0,
} satisfies Partial<Session>;

/** What a password is compared with; nothing where the account may not sign in. */
function hashOf(account: AccountRow | undefined): string | undefined {
  return account === undefined || account.disabled ? undefined : (account.password_hash ?? undefined);
}

function browserOf({ address, userAgent }: Visitor): Pick<Session, 'address' | 'user_agent'> {
  return { address, user_agent: userAgent };
}

function actorOf(account: AccountRow | undefined, { address, requestId, sessionKey }: Visitor): Actor {
  return {
    id: account?.id ?? null,
    name: account?.name ?? null,
    session_id: account && sessionKey !== undefined ? sessionKey : null,
    address,
    request_id: requestId,
  };
}

function refused(code: Extract<SignInRefusal, { kind: 'refused' }>['code']): SignInRefusal {
  return { kind: 'refused', code };
}
