import { z } from 'zod';
import { RequestId } from './ids.ts';
import { Capability } from './session.ts';

/** Every error that the console's own addresses answer with: its HTTP status and a title. `/problems/<code>` is the type. */
export const CONSOLE_PROBLEMS = {
  unauthenticated: { status: 401, title: 'Nobody is signed in' },
  session_expired: { status: 401, title: 'The session has ended' },
  sign_in_refused: { status: 401, title: 'Name and password do not fit' },
  locked_out: { status: 429, title: 'Too many attempts to sign in' },
  too_busy: { status: 503, title: 'Too many people sign in at once' },
  session_store_away: { status: 503, title: 'Sign-in is not possible at the moment' },
  accounts_away: { status: 503, title: 'Accounts cannot be read at the moment' },
  weak_password: { status: 422, title: 'This password is too easy to guess' },
  link_refused: { status: 410, title: 'This link does not hold' },
  demo_refused: { status: 403, title: 'There is no demo here' },
  forbidden: { status: 403, title: 'Your roles do not allow this' },
  origin_refused: { status: 403, title: 'This request comes from somewhere else' },
  csrf_refused: { status: 403, title: 'This request lacks the token of its session' },
  invalid_field: { status: 400, title: 'A field does not fit' },
  malformed_json: { status: 400, title: 'The body is not JSON' },
  unsupported_media_type: { status: 415, title: 'The content type is not taken here' },
  body_too_large: { status: 413, title: 'The body is too large' },
  name_taken: { status: 409, title: 'This name is taken' },
  last_admin: { status: 409, title: 'This is the last admin' },
  too_many_accounts: { status: 409, title: 'There are too many accounts' },
  not_found: { status: 404, title: 'There is nothing here' },
  account_unknown: { status: 404, title: 'No such account' },
  session_unknown: { status: 404, title: 'No such session' },
  service_away: { status: 503, title: 'A part of the platform does not answer' },
  service_slow: { status: 504, title: 'A part of the platform did not answer in time' },
  internal: { status: 500, title: 'Something went wrong on our side' },
} as const satisfies Record<string, { status: number; title: string }>;
export type ConsoleProblemCode = keyof typeof CONSOLE_PROBLEMS;

/** What is wrong with a password that is refused. */
export const PasswordWeakness = z.enum(['too_short', 'too_long', 'common', 'repetitive', 'contains_name', 'unchanged']);
export type PasswordWeakness = z.infer<typeof PasswordWeakness>;

/** RFC 9457 problem details of the console's own addresses. Services behind `/api/<service>/v1` answer with their own. */
export const ConsoleProblem = z.strictObject({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: z.enum(Object.keys(CONSOLE_PROBLEMS) as [ConsoleProblemCode, ...ConsoleProblemCode[]]),
  /** What to do about it. */
  detail: z.string(),
  request_id: RequestId,
  /** With `forbidden`: what is missing. */
  capability: Capability.optional(),
  /** With `locked_out`: seconds until another attempt is looked at; also the header Retry-After. */
  retry_after: z.int().min(1).optional(),
  /** With `weak_password`. */
  weakness: PasswordWeakness.optional(),
  /** With `invalid_field`: JSON pointers with what is expected there. */
  errors: z
    .array(z.strictObject({ pointer: z.string(), detail: z.string() }))
    .max(20)
    .optional(),
});
export type ConsoleProblem = z.infer<typeof ConsoleProblem>;
