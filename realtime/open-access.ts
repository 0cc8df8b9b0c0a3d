import { join } from 'node:path';
import { nowMs } from '@trancendos/platform/clock';
import { migrate } from '@trancendos/platform/migrate';
import { packageRoot } from '@trancendos/platform/package-root';
import { connectPostgres } from '@trancendos/platform/postgres';
import type { Scope } from '@trancendos/platform/run';
import type { Redis } from 'ioredis';
import { AccountDesk } from './accounts/account-desk.ts';
import { AttemptCounter } from './accounts/count-attempts.ts';
import { followAccountChanges } from './accounts/follow-account-changes.ts';
import { PasswordHasher } from './accounts/hash-password.ts';
import { SignInDesk } from './accounts/sign-in-desk.ts';
import type { RealtimeConfig } from './config.ts';
import type { ConsoleParts } from './console-parts.ts';
import { keepSessions } from './keep-sessions.ts';
import { Sessions } from './sessions.ts';

/** Opens what decides who may use the console, on `scope`: accounts, sessions, sign-in, and for whom services are asked. */
export async function openAccess(config: RealtimeConfig, redis: Redis, scope: Scope): Promise<Omit<ConsoleParts, 'appFolder'>> {
  const { log } = scope;
  const isProduction = config.NODE_ENV === 'production';
  const postgres = await scope.open(connectPostgres({ url: config.DATABASE_URL, applicationName: 'realtime' }));
  await migrate(postgres, { schema: 'realtime', folder: join(packageRoot(import.meta.dirname), 'migrations'), log });
  const sessions = new Sessions(keepSessions(redis), nowMs);
  await scope.open(followAccountChanges({ pool: postgres.pool, sessions, log }));
  if (isProduction && config.CONSOLE_LOGIN_TOKEN !== undefined)
    log.warn('CONSOLE_LOGIN_TOKEN has no effect: the demo sign-in is refused where NODE_ENV is production');
  const attempts = new AttemptCounter(redis);
  const [key] = config.CALLER_KEYS.reveal();
  if (!key) throw new Error('CALLER_KEYS has no key');
  return {
    sessions,
    postgres,
    signIn: new SignInDesk({ postgres, sessions, attempts, hasher: new PasswordHasher() }),
    accounts: new AccountDesk(postgres),
    attempts,
    cookie: { secure: isProduction || config.CONSOLE_HTTPS },
    hosts: config.CONSOLE_HOSTS,
    proxies: config.CONSOLE_PROXIES,
    loginToken: isProduction ? undefined : config.CONSOLE_LOGIN_TOKEN,
    demoSession: config.CONSOLE_DEMO_SESSION,
    forwarding: { targets: { ledger: config.LEDGER_URL, scoring: config.SCORING_URL, review: config.REVIEW_URL }, key },
  };
}
