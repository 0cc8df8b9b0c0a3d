/** What a signed-in person may do. The server checks each of them again; the console only leaves out what would be refused. */
export type Capability = `${string}:${string}`;

export interface SessionUser {
  readonly id: string;
  readonly name: string;
  readonly roles: readonly string[];
}

/** Who is signed in, as the gateway says: `GET /api/session`. */
export interface Session {
  readonly user: SessionUser;
  readonly capabilities: readonly Capability[];
  /** Sent along with everything that changes something. */
  readonly csrf: string;
  /** ISO 8601, by this machine's clock; undefined where the gateway does not say. */
  readonly idleExpiresAt: string | undefined;
  readonly expiresAt: string | undefined;
  /** Opened by the start of a demonstration, without a password. */
  readonly demo: boolean;
}

/** `unknown` until the gateway has answered, `away` while it does not. */
export type SessionState =
  | { readonly kind: 'unknown' }
  | { readonly kind: 'away' }
  | { readonly kind: 'signed-out' }
  | { readonly kind: 'signed-in'; readonly session: Session };
