import { pause } from '@trancendos/platform/clock';
import type { Logger } from '@trancendos/platform/log';
import type { Resource } from '@trancendos/platform/run';
import type pg from 'pg';
import { SESSION_LIFE_MS, type Sessions } from '../sessions.ts';
import { changedAccounts } from './store-accounts.ts';

const EVERY_MS = 1_000;
/** A change is seen again for this long, so that one which commits late is not missed. */
const LOOK_BACK_MS = 60_000;

export interface AccountFollowing {
  readonly pool: pg.Pool;
  readonly sessions: Sessions;
  readonly log: Logger;
}

/**
 * Ends sessions that were opened before their account was changed, wherever that was done: in this gateway, in another one, or on the command
 * line. What PostgreSQL or Redis could not answer is asked again a second later.
 */
export function followAccountChanges({ pool, sessions, log }: AccountFollowing): Resource {
  const end = new AbortController();
  const { signal } = end;
  let lookBackMs = SESSION_LIFE_MS;
  let isAway = false;
  const look = async () => {
    const changed = await changedAccounts(pool, lookBackMs);
    const ended = await Promise.all(
      changed.map(({ id, version }) => sessions.endAll(id, ({ session }) => session.account_version < version)),
    );
    if (ended.includes(undefined)) throw new Error('the session store does not answer');
    lookBackMs = LOOK_BACK_MS;
    isAway = false;
  };
  const noteAway = (error: unknown) => {
    if (!isAway) log.warn({ err: error }, 'sessions of changed accounts cannot be ended at the moment');
    isAway = true;
    lookBackMs = SESSION_LIFE_MS;
  };
  const repeat = async () => {
    while (!signal.aborted) {
      await look().catch(noteAway);
      await pause(EVERY_MS, signal);
    }
  };
  const repeating = repeat();
  return {
    stop() {
      end.abort();
      return repeating;
    },
  };
}
