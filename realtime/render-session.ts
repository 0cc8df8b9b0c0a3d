import { capabilitiesOf, type ListedSession, type SessionAnswer } from '@trancendos/contracts/session';
import { toInstant } from '@trancendos/platform/clock';
import { SESSION_IDLE_MS, SESSION_LIFE_MS, type FoundSession } from './sessions.ts';

/** A session as its own page sees it. */
export function renderSession({ session, usedAtMs }: FoundSession): SessionAnswer {
  const endsAtMs = session.opened_at_ms + SESSION_LIFE_MS;
  return {
    user: { id: session.user_id, name: session.name, roles: session.roles },
    capabilities: capabilitiesOf(session.roles),
    csrf: session.csrf,
    idle_expires_at: toInstant(Math.min(usedAtMs + SESSION_IDLE_MS, endsAtMs)),
    expires_at: toInstant(endsAtMs),
    demo: session.account_version === 0,
  };
}

/** A session as lists show it; `ownKey` is of the session that asks. */
export function renderListed({ key, session, usedAtMs }: FoundSession, ownKey: string): ListedSession {
  return {
    id: key,
    user: { id: session.user_id, name: session.name, roles: session.roles },
    current: key === ownKey,
    opened_by: session.opened_by,
    opened_at: toInstant(session.opened_at_ms),
    used_at: toInstant(usedAtMs),
    expires_at: toInstant(Math.min(usedAtMs + SESSION_IDLE_MS, session.opened_at_ms + SESSION_LIFE_MS)),
    address: session.address,
    user_agent: session.user_agent,
  };
}
