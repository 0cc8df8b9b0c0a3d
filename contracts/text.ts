import { z } from 'zod';

/**
 * Text that people write: no control characters but white space, and no half of a surrogate pair. JSON can carry both, and neither UTF-8 nor
 * PostgreSQL can: a message that had them would be taken and could never be stored.
 */
export function writtenText(lengthMax: number) {
  return z
    .string()
    .max(lengthMax)
    .regex(/^(?:[^\p{Cc}\p{Cs}]|\s)*$/u, 'text without control characters');
}

/** The same on one line, and not empty: who somebody is, or what something is called. */
export function nameText(lengthMax: number) {
  return z
    .string()
    .min(1)
    .max(lengthMax)
    .regex(/^[^\p{Cc}\p{Cs}]+$/u, 'text on one line, without control characters');
}
