import { z } from 'zod';
import { saidInJsonSchema } from './said-in-json-schema.ts';

const WRITTEN = /^(?:[^\p{Cc}\p{Cs}]|\s)*$/u;
const EXPECTED = 'text without control characters';

/**
 * Text that people write: no control characters but white space, and no half of a surrogate pair. JSON can carry both, and neither UTF-8 nor
 * PostgreSQL can: a message that had them would be taken and could never be stored.
 */
export function writtenText(lengthMax: number) {
  return z.string().max(lengthMax).regex(WRITTEN, EXPECTED);
}

/** The same on one line, and not empty: who somebody is, or what something is called. */
export function nameText(lengthMax: number) {
  return z
    .string()
    .min(1)
    .max(lengthMax)
    .regex(/^[^\p{Cc}\p{Cs}]+$/u, 'text on one line, without control characters');
}

/** What `writtenText` takes, where a pattern would narrow a shape that is released: those who knew it never meant such a text, and are told when they send one. */
export const Text = z
  .string()
  .refine((text) => WRITTEN.test(text), EXPECTED)
  .register(saidInJsonSchema, { pattern: WRITTEN.source });

/** Whether a database can keep a text at all. */
export function isStorable(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0');
}
