import { createHash, randomBytes } from 'node:crypto';
import { Role } from '@trancendos/contracts/session';
import { z } from 'zod';

/** Who looks at the console, from sign-in on. What somebody may do changes with the next session, never within one. */
export const Session = z.strictObject({
  user_id: z.string(),
  name: z.string(),
  roles: z.array(Role).min(1),
  /** Of the account, when the session was opened; an older one than the account's present version does not count. */
  account_version: z.int().min(0),
  /** How it was opened: by a password, by the sign-in link of a demo, or by itself in a demo. */
  opened_by: z.enum(['password', 'link', 'demo']),
  opened_at_ms: z.number(),
  address: z.string(),
  user_agent: z.string(),
  /** What every request that changes something must carry. */
  csrf: z.string(),
});
export type Session = z.infer<typeof Session>;

/** A session as its store has it: `value` is its text. */
export interface StoredSession {
  readonly key: string;
  readonly value: string;
  readonly usedAtMs: number;
}

/** Where sessions are kept. Every call may throw when the store is away. */
export interface SessionStore {
  put(session: StoredSession & { readonly userId: string; readonly idleMs: number; readonly endsAtMs: number }): Promise<void>;
  /** The session of `key`; with `usedAtMs` it is thereby in use. */
  get(key: string, usedAtMs?: number): Promise<StoredSession | undefined>;
  /** Tells every gateway that the session has ended; false where there was none. */
  remove(key: string): Promise<boolean>;
  /** Those of one account, or of everybody, up to a limit. */
  list(userId?: string): Promise<StoredSession[]>;
}

/** `key` stands for the session in logs, rooms and the store; only the browser has the id that it is made from. */
export interface FoundSession {
  readonly kind: 'found';
  readonly key: string;
  readonly session: Session;
  readonly usedAtMs: number;
}
export type SessionAnswer = FoundSession | { readonly kind: 'missing' } | { readonly kind: 'unavailable' };

/** A session that nobody uses ends after this. */
export const SESSION_IDLE_MS = 15 * 60_000;
/** Every session ends after this. */
export const SESSION_LIFE_MS = 12 * 3_600_000;
const SESSIONS_AN_ACCOUNT = 10;
const ID_BYTES = 32;
const ID_SHAPE = /^[A-Za-z0-9_-]{43}$/;
const USER_AGENT_LENGTH = 256;

/** Sessions of the console: 256-bit random ids, kept only as hashes, so that whoever reads the store cannot use one. */
export class Sessions {
  readonly #store: SessionStore;
  readonly #nowMs: () => number;

  constructor(store: SessionStore, nowMs: () => number) {
    this.#store = store;
    this.#nowMs = nowMs;
  }

  /** Opens a session and gives its id, the one thing the browser keeps. Undefined while the store is away. */
  async open(opening: Omit<Session, 'opened_at_ms' | 'csrf'>): Promise<(FoundSession & { readonly id: string }) | undefined> {
    const id = randomBytes(ID_BYTES).toString('base64url');
    const now = this.#nowMs();
    const userAgent = opening.user_agent.slice(0, USER_AGENT_LENGTH);
    const csrf = randomBytes(ID_BYTES).toString('base64url');
    const session: Session = { ...opening, user_agent: userAgent, opened_at_ms: now, csrf };
    const found: FoundSession = { kind: 'found', key: keyOf(id), session, usedAtMs: now };
    try {
      await this.#store.put({
        key: found.key,
        value: JSON.stringify(session),
        usedAtMs: now,
        userId: session.user_id,
        idleMs: SESSION_IDLE_MS,
        endsAtMs: now + SESSION_LIFE_MS,
      });
      if (session.account_version > 0) await this.#endSurplus(session.user_id, found.key);
      return { ...found, id };
    } catch {
      return undefined;
    }
  }

  /** The session of an id, which is thereby in use. */
  async find(id: string | undefined): Promise<SessionAnswer> {
    if (id === undefined || !ID_SHAPE.test(id)) return { kind: 'missing' };
    return this.#get(keyOf(id), this.#nowMs());
  }

  /** The session of an id, which is not thereby in use. */
  async look(id: string | undefined): Promise<SessionAnswer> {
    return id === undefined || !ID_SHAPE.test(id) ? { kind: 'missing' } : this.findByKey(keyOf(id));
  }

  /** A session by its key. Looking is no use of it, except for a demo, whose page nobody has to touch. */
  async findByKey(key: string): Promise<SessionAnswer> {
    const answer = await this.#get(key);
    if (answer.kind !== 'found' || answer.session.account_version > 0) return answer;
    return this.#get(key, this.#nowMs());
  }

  /** Ends a session; false while the store is away, because then it would come back. */
  async close(key: string): Promise<boolean> {
    return (await this.end(key)) !== 'unavailable';
  }

  async end(key: string): Promise<'ended' | 'missing' | 'unavailable'> {
    try {
      return (await this.#store.remove(key)) ? 'ended' : 'missing';
    } catch {
      return 'unavailable';
    }
  }

  /** Open sessions, last used first: of one account, or of everybody. Undefined while the store is away. */
  async list(userId?: string): Promise<FoundSession[] | undefined> {
    try {
      const found = (await this.#store.list(userId)).map((stored) => this.#read(stored)).filter((session) => session !== undefined);
      return found.sort((a, b) => b.usedAtMs - a.usedAtMs);
    } catch {
      return undefined;
    }
  }

  /** Ends the sessions of an account, all or those that `concerns` says; gives how many. Undefined while the store is away. */
  async endAll(userId: string, concerns: (session: FoundSession) => boolean = () => true): Promise<number | undefined> {
    const sessions = (await this.list(userId))?.filter(concerns);
    if (!sessions) return undefined;
    const ended = await Promise.all(sessions.map(({ key }) => this.end(key)));
    return ended.includes('unavailable') ? undefined : ended.filter((answer) => answer === 'ended').length;
  }

  /** Those of an account beyond its limit, longest unused first. */
  async #endSurplus(userId: string, newest: string): Promise<void> {
    const others = ((await this.list(userId)) ?? []).filter(({ key }) => key !== newest);
    for (const { key } of others.slice(SESSIONS_AN_ACCOUNT - 1)) await this.#store.remove(key);
  }

  async #get(key: string, usedAtMs?: number): Promise<SessionAnswer> {
    try {
      const stored = await this.#store.get(key, usedAtMs);
      return (stored && this.#read(stored)) ?? { kind: 'missing' };
    } catch {
      return { kind: 'unavailable' };
    }
  }

  /** The store forgets what has ended; the clock has the last word, because stores may be restored and clocks set. */
  #read({ key, value, usedAtMs }: StoredSession): FoundSession | undefined {
    const session = parseSession(value);
    const isOver = session === undefined || this.#nowMs() - session.opened_at_ms >= SESSION_LIFE_MS;
    return isOver ? undefined : { kind: 'found', key, session, usedAtMs };
  }
}

function keyOf(id: string): string {
  return createHash('sha256').update(id).digest('hex');
}

function parseSession(stored: string): Session | undefined {
  try {
    return Session.safeParse(JSON.parse(stored)).data;
  } catch {
    return undefined;
  }
}
