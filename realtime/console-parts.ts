import type { LedgerReader } from './ledger-reader.ts';
import type { CookieOptions } from './session-cookie.ts';
import type { Sessions } from './sessions.ts';

/** What the console's addresses work with; made by `open-realtime.ts`. */
export interface ConsoleParts {
  readonly sessions: Sessions;
  readonly ledger: LedgerReader;
  readonly cookie: CookieOptions;
  /** Names that the console is reached by. */
  readonly hosts: readonly string[];
  readonly loginToken: string;
  /** Whether a page load without a session opens one. */
  readonly demoSession: boolean;
  /** Where the built console is. */
  readonly appFolder: string;
  /** Ends the open connections of a session. */
  readonly endConnections: (sessionKey: string) => void;
}
export const CONSOLE_PARTS = Symbol('parts of the console');
