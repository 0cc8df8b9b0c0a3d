import { z } from 'zod';

/** Headers that every message carries, as Kafka header strings. */
export const EnvelopeHeaders = z.object({
  /** Id of the request that started it all; follows a transaction through every topic and log line. */
  'correlation-id': z.string().max(64),
  /** Service that published it. */
  producer: z.string().max(32),
  /** When it was handed to the producer: milliseconds since the epoch with a fraction, as digits. */
  'sent-at-ms': z.string().regex(/^\d+(\.\d+)?$/),
});
export type EnvelopeHeaders = z.infer<typeof EnvelopeHeaders>;
