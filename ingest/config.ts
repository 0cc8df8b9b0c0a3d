import { kafkaFields, port, postgresFields, whole } from '@trancendos/platform/config-fields';
import { z } from 'zod';

/** The environment of ingest. Each name is explained in `.env.example`. */
export const IngestConfig = z.object({
  ...kafkaFields,
  ...postgresFields,
  INGEST_PORT: port(8081),
  INGEST_METRICS_PORT: port(9181),
  API_KEYS_FILE: z.string().min(1),
  INGEST_MAX_EVENT_AGE_DAYS: whole(400, 1),
  INGEST_ANSWER_TIMEOUT_MS: whole(2_000, 1),
  INGEST_MAX_WAITING: whole(5_000, 1),
});
export type IngestConfig = z.output<typeof IngestConfig>;
