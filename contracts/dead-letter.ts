import { z } from 'zod';
import { Instant } from './instant.ts';

/** Topic `dead-letters.v1`: a message that no retry can mend, with where it came from and why. */
export const DeadLetter = z.strictObject({
  topic: z.string(),
  partition: z.int().min(0),
  /** Kafka offset, as digits. */
  offset: z.string().regex(/^\d+$/),
  key: z.string().nullable(),
  group: z.string(),
  code: z.enum(['not_json', 'schema_mismatch', 'refused']),
  /** Paths that did not fit; never the values. */
  detail: z.string().max(500),
  /** The message's bytes in base64. */
  payload_base64: z.string(),
  failed_at: Instant,
});
export type DeadLetter = z.infer<typeof DeadLetter>;
