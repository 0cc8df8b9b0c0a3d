import { LedgerAccountId } from '@trancendos/contracts/ids';
import { Instant } from '@trancendos/contracts/instant';
import { z } from 'zod';
import type { Refusal } from './problem-reply.ts';

const LIMIT_DEFAULT = 50;
const LIMIT_MAX = 200;
const ERRORS_MAX = 20;

/** Fields that the queries of several addresses have. */
export const queryFields = {
  limit: z
    .string()
    .regex(/^\d{1,3}$/)
    .default(String(LIMIT_DEFAULT))
    .transform(Number)
    .pipe(z.number().min(1).max(LIMIT_MAX)),
  /** PostgreSQL counts no year 0. */
  instant: Instant.regex(/^(?!0000)/),
  accountId: LedgerAccountId,
  /** A position in the journal, as a page gives it for the next one. */
  positionCursor: z
    .string()
    .regex(/^\d{1,15}$/)
    .transform(Number),
  amountMinor: z.string().regex(/^\d{1,18}$/),
};

export type QueryResult<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly refusal: Refusal };

/** A request's query as its address takes it, or what is wrong with it: every field by name, never what was given. */
export function readQuery<T>(schema: z.ZodType<T>, query: unknown): QueryResult<T> {
  const parsed = schema.safeParse(query);
  if (parsed.success) return { ok: true, value: parsed.data };
  const errors = parsed.error.issues.slice(0, ERRORS_MAX).map((issue) => {
    const unknown = issue.code === 'unrecognized_keys' ? issue.keys.join(', ') : undefined;
    const pointer = `/${unknown ?? issue.path.map(String).join('/')}`;
    return { pointer: pointer.slice(0, 100), detail: unknown === undefined ? describe(issue) : 'is not asked for here' };
  });
  return { ok: false, refusal: { code: 'invalid_field', detail: 'Correct the query fields that errors names.', errors } };
}

function describe(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_format' && issue.format === 'datetime') return 'a moment in UTC with milliseconds: 2026-05-01T16:04:11.482Z';
  if (issue.code === 'invalid_format' && issue.format === 'regex') return 'does not have the form that is expected';
  return issue.message;
}

/** A cursor that holds more than a position. */
export function packCursor(parts: readonly string[]): string {
  return Buffer.from(parts.join(' ')).toString('base64url');
}

export function unpackCursor(cursor: string): string[] {
  return Buffer.from(cursor, 'base64url').toString().split(' ');
}
