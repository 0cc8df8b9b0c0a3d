import { callerFields, kafkaFields, listenFields, port, postgresFields } from '@trancendos/platform/config-fields';
import { z } from 'zod';

const days = (defaultDays: number) => z.coerce.number().int().min(1).max(3_650).default(defaultDays);

/** The environment of review. Each name is explained in `.env.example`. */
export const ReviewConfig = z.object({
  ...listenFields,
  ...kafkaFields,
  ...postgresFields,
  /** Without it nobody is believed who comes through the gateway. */
  CALLER_KEYS: callerFields.CALLER_KEYS.optional(),
  REVIEW_PORT: port(8084),
  REVIEW_METRICS_PORT: port(9184),
  REVIEW_RETENTION_DAYS: days(90),
  REVIEW_ROLLUP_RETENTION_DAYS: days(400),
});
export type ReviewConfig = z.output<typeof ReviewConfig>;
