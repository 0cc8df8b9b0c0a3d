import type { z } from 'zod';
import type { Fetched } from './fetch-bounded.ts';

/** The document in a 200 answer where it fits `schema`; undefined otherwise. */
export function readAnswer<T>(fetched: Fetched, schema: z.ZodType<T>): T | undefined {
  if (fetched.kind !== 'answered' || fetched.status !== 200) return undefined;
  try {
    return schema.safeParse(JSON.parse(fetched.body)).data;
  } catch {
    return undefined;
  }
}
