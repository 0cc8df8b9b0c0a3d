import { createHash, randomBytes } from 'node:crypto';
import { z } from 'zod';

/** Who looks at the console. */
export const Session = z.object({
  /** How it was opened: by the link with the token, or by itself in a demo. */
  origin: z.enum(['login_link', 'demo']),
  role: z.literal('analyst'),
  opened_at_ms: z.number(),
});
export type Session = z.infer<typeof Session>;

/** Where sessions are kept. Every call may throw when the store is away. */
export interface SessionStore {
  put(key: string, value: string, ttlMs: number): Promise<void>;
  /** The value of `key`, which from now on lives for `ttlMs`. */
  getAndExtend(key: string, ttlMs: number): Promise<string | null>;
  remove(key: string): Promise<void>;
}

/** `key` stands for the session in logs, rooms and the store; only the browser has the id that it is made from. */
export type FoundSession = { readonly kind: 'found'; readonly key: string; readonly session: Session };
export type SessionAnswer = FoundSession | { readonly kind: 'missing' } | { readonly kind: 'unavailable' };

/** A session that nobody uses ends after this. An open page uses its session. */
export const SESSION_IDLE_MS = 30 * 60_000;
/** Every session ends after this. */
export const SESSION_LIFE_MS = 12 * 3_600_000;
const ID_BYTES = 32;
const ID_SHAPE = /^[A-Za-z0-9_-]{43}$/;

/** Sessions of the console: 256-bit random ids, kept only as hashes, so that whoever reads the store cannot use one. */
export class Sessions {
  readonly #store: SessionStore;
  readonly #nowMs: () => number;

  constructor(store: SessionStore, nowMs: () => number) {
    this.#store = store;
    this.#nowMs = nowMs;
  }

  /** Opens a session and gives its id, the one thing the browser keeps. Undefined while the store is away. */
  async open(origin: Session['origin']): Promise<string | undefined> {
    const id = randomBytes(ID_BYTES).toString('base64url');
    const session: Session = { origin, role: 'analyst', opened_at_ms: this.#nowMs() };
    try {
      await this.#store.put(keyOf(id), JSON.stringify(session), SESSION_IDLE_MS);
      return id;
    } catch {
      return undefined;
    }
  }

  /** The session of an id, which is thereby in use. */
  async find(id: string | undefined): Promise<SessionAnswer> {
    if (id === undefined || !ID_SHAPE.test(id)) return { kind: 'missing' };
    return this.findByKey(keyOf(id));
  }

  async findByKey(key: string): Promise<SessionAnswer> {
    try {
      const session = readSession(await this.#store.getAndExtend(key, SESSION_IDLE_MS));
      if (session === undefined) return { kind: 'missing' };
      if (this.#nowMs() - session.opened_at_ms < SESSION_LIFE_MS) return { kind: 'found', key, session };
      await this.#store.remove(key);
      return { kind: 'missing' };
    } catch {
      return { kind: 'unavailable' };
    }
  }

  /** Ends a session; false while the store is away, because then it would come back. */
  async close(key: string): Promise<boolean> {
    try {
      await this.#store.remove(key);
      return true;
    } catch {
      return false;
    }
  }
}

function keyOf(id: string): string {
  return createHash('sha256').update(id).digest('hex');
}

function readSession(stored: string | null): Session | undefined {
  if (stored === null) return undefined;
  try {
    return Session.safeParse(JSON.parse(stored)).data;
  } catch {
    return undefined;
  }
}
