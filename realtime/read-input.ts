import type { z } from 'zod';
import { RefusedRequest } from './refusal.ts';

const ERRORS_MAX = 20;

/** What a request gives, where it fits `schema`; throws `invalid_field` naming every place that does not. Values are not echoed. */
export function readInput<T>(schema: z.ZodType<T>, input: unknown): T {
  const parsed = schema.safeParse(input ?? {});
  if (parsed.success) return parsed.data;
  const errors = parsed.error.issues
    .slice(0, ERRORS_MAX)
    .map(({ path, message }) => ({ pointer: path.map((step) => `/${String(step)}`).join(''), detail: message }));
  throw new RefusedRequest('invalid_field', { errors });
}
