import type { Capability, Session, SessionState } from '@trancendos/shell-api';

const ANSWER_TIMEOUT_MS = 8_000;
/** What a session may do whose gateway tells a role and nothing more. */
const READING: readonly Capability[] = ['live:read', 'decisions:read', 'ledger:read', 'insights:read', 'governance:read', 'audit:read'];

/** Asks the gateway who is signed in. */
export async function readSession(): Promise<SessionState> {
  try {
    const response = await fetch('/api/session', {
      headers: { accept: 'application/json' },
      signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
    });
    if (response.status === 401) return { kind: 'signed-out' };
    if (!response.ok) return { kind: 'away' };
    return { kind: 'signed-in', session: toSession((await response.json()) as Record<string, unknown>) };
  } catch {
    return { kind: 'away' };
  }
}

function toSession(body: Record<string, unknown>): Session {
  const user = body['user'] as { id: string; name: string; roles: readonly string[] } | undefined;
  const text = (name: string) => (typeof body[name] === 'string' ? body[name] : undefined);
  return {
    user: user ?? { id: 'reader', name: 'Reader', roles: [text('role') ?? 'reader'] },
    capabilities: Array.isArray(body['capabilities']) ? (body['capabilities'] as Capability[]) : READING,
    csrf: text('csrf') ?? '',
    idleExpiresAt: text('idle_expires_at'),
    expiresAt: text('expires_at'),
    demo: body['demo'] === true || text('origin') === 'demo',
  };
}
