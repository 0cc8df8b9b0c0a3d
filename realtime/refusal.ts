import { CONSOLE_PROBLEMS, type ConsoleProblem, type ConsoleProblemCode } from '@trancendos/contracts/console-problem';

/** What to do about each error. */
const ADVICE: Readonly<Record<ConsoleProblemCode, string>> = {
  unauthenticated: 'Sign in first.',
  session_expired: 'Sign in again: sessions end after 15 minutes without use, after 12 hours, and when somebody ends them.',
  sign_in_refused: 'Check both and try again. An admin can give you a link for a new password.',
  locked_out: 'Wait for Retry-After seconds. An admin can give you a link for a new password, which ends the wait.',
  too_busy: 'Try again in a moment.',
  session_store_away: 'Sessions are kept in Redis, which does not answer. Open pages go on; try again in a moment.',
  accounts_away: 'Accounts are kept in PostgreSQL, which does not answer. Open pages go on; try again in a moment.',
  weak_password: 'Choose a longer one that nobody else would choose: four or five words that have nothing to do with each other are good.',
  link_refused: 'It is used, too old, or not whole. Ask whoever gave it to you for another one.',
  demo_refused: 'The demo sign-in is refused where NODE_ENV is production. Sign in with an account.',
  forbidden: 'Ask an admin for a role that brings the capability.',
  origin_refused: 'Open the console by one of the host names in CONSOLE_HOSTS, and call it from its own page only.',
  csrf_refused: 'Send the header x-trx-csrf with `csrf` of GET /api/session, or with any value to sign in. Reload the page if it goes on.',
  invalid_field: 'Mend every named place and try again.',
  malformed_json: 'Send one JSON object.',
  unsupported_media_type: 'Send content-type: application/json.',
  body_too_large: 'Send less.',
  name_taken: 'Choose another name.',
  last_admin: 'Make somebody else an admin first, one with a password.',
  too_many_accounts: 'There are a thousand accounts.',
  not_found: 'Check the address.',
  account_unknown: 'Check the id against GET /api/accounts.',
  session_unknown: 'It has ended, or never was.',
  service_away: 'Try again in a moment.',
  service_slow: 'Ask for less, or try again in a moment.',
  internal: 'Report the request id if it goes on.',
};

export type RefusalCode = ConsoleProblemCode;
/** What some problems say besides. */
export type RefusalDetails = Pick<ConsoleProblem, 'capability' | 'retry_after' | 'weakness' | 'errors'>;

/** A request that is not served: thrown by hooks and controllers, rendered once, by the shell. */
export class RefusedRequest extends Error {
  override readonly name = 'RefusedRequest';
  readonly code: RefusalCode;
  readonly details: RefusalDetails;

  constructor(code: RefusalCode, details: RefusalDetails = {}) {
    super(code);
    this.code = code;
    this.details = details;
  }
}

/** The RFC 9457 body of a refusal. */
export function renderProblem({ code, details }: Pick<RefusedRequest, 'code' | 'details'>, requestId: string): ConsoleProblem {
  const { status, title } = CONSOLE_PROBLEMS[code];
  const type = `/problems/${code.replaceAll('_', '-')}`;
  return { type, title, status, code, detail: ADVICE[code], request_id: requestId, ...details };
}
