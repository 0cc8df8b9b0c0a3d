import type { CallerKey } from '@trancendos/platform/caller-identity';
import type { Postgres } from '@trancendos/platform/postgres';
import type { AccountDesk } from './accounts/account-desk.ts';
import type { AttemptCounter } from './accounts/count-attempts.ts';
import type { SignInDesk } from './accounts/sign-in-desk.ts';
import type { CookieOptions } from './session-cookie.ts';
import type { Sessions } from './sessions.ts';

/** What the console's addresses work with; made by `open-realtime.ts`. */
export interface ConsoleParts {
  readonly sessions: Sessions;
  readonly signIn: SignInDesk;
  readonly accounts: AccountDesk;
  readonly attempts: AttemptCounter;
  readonly postgres: Postgres;
  readonly cookie: CookieOptions;
  /** Names that the console is reached by. */
  readonly hosts: readonly string[];
  /** Those in front that are believed when they say from where a request comes. */
  readonly proxies: string[] | undefined;
  /** The sign-in link of a demo; undefined where there is none. */
  readonly loginToken: string | undefined;
  /** Whether a page load without a session opens one. */
  readonly demoSession: boolean;
  /** Where the built console is. */
  readonly appFolder: string;
  /** Where the services behind `/api/<service>/v1` are. */
  readonly forwarding: { readonly targets: Readonly<Record<'ledger' | 'scoring' | 'review', string>>; readonly key: CallerKey };
}
export const CONSOLE_PARTS = Symbol('parts of the console');
