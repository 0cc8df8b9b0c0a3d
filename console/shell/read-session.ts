import { BACKGROUND_HEADER, CSRF_HEADER, type Capability, type Session, type SessionState } from '@trancendos/shell-api';

const ANSWER_TIMEOUT_MS = 8_000;
const CLOCK_TOLERANCE_MS = 3_000;
/** What a session may do whose gateway tells a role and nothing more. */
const READING: readonly Capability[] = ['live:read', 'decisions:read', 'ledger:read', 'insights:read', 'governance:read', 'audit:read'];

/** Why the gateway is asked who is signed in: because the page wants to know, because somebody uses it, or because they were seen. */
export type SessionQuestion = 'background' | 'use' | 'presence';

/** Asks the gateway who is signed in. `csrf` is of the session whose reader was seen. */
export async function readSession(question: SessionQuestion, csrf = ''): Promise<SessionState> {
  const isPresence = question === 'presence';
  try {
    const response = await fetch(isPresence ? '/api/session/presence' : '/api/session', {
      method: isPresence ? 'POST' : 'GET',
      headers: {
        accept: 'application/json',
        ...(isPresence && { [CSRF_HEADER]: csrf }),
        ...(question === 'background' && { [BACKGROUND_HEADER]: 'true' }),
      },
      signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
    });
    if (response.status === 401) return { kind: 'signed-out' };
    // A gateway of the version before takes any request for a use.
    if (isPresence && response.status === 404) return await readSession('use');
    if (!response.ok) return { kind: 'away' };
    return { kind: 'signed-in', session: toSession((await response.json()) as Record<string, unknown>, aheadMs(response)) };
  } catch {
    return { kind: 'away' };
  }
}

/** How far this machine's clock is ahead of the gateway's, where that is more than their seconds and the way explain. */
function aheadMs({ headers }: Response): number {
  const difference = Date.now() - Date.parse(headers.get('date') ?? '');
  return Math.abs(difference) > CLOCK_TOLERANCE_MS ? difference : 0;
}

function toSession(body: Record<string, unknown>, clockAheadMs: number): Session {
  const user = body['user'] as { id: string; name: string; roles: readonly string[] } | undefined;
  const text = (name: string) => (typeof body[name] === 'string' ? body[name] : undefined);
  const moment = (name: string) => {
    const told = text(name);
    return told === undefined ? undefined : new Date(Date.parse(told) + clockAheadMs).toISOString();
  };
  return {
    user: user ?? { id: 'reader', name: 'Reader', roles: [text('role') ?? 'reader'] },
    capabilities: Array.isArray(body['capabilities']) ? (body['capabilities'] as Capability[]) : READING,
    csrf: text('csrf') ?? '',
    idleExpiresAt: moment('idle_expires_at'),
    expiresAt: moment('expires_at'),
    demo: body['demo'] === true || text('origin') === 'demo',
  };
}
