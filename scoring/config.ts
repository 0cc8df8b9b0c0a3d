import { kafkaFields, port, postgresFields } from '@trancendos/platform/config-fields';
import { z } from 'zod';

/** The environment of scoring. Each name is explained in `.env.example`. */
export const ScoringConfig = z.object({
  ...kafkaFields,
  ...postgresFields,
  SCORING_PORT: port(8083),
  SCORING_METRICS_PORT: port(9183),
  /** A folder of `models/versions/`. */
  SCORING_MODEL: z
    .string()
    .regex(/^[a-z]+-\d+$/, 'a name such as luminous-1')
    .default('luminous-1'),
});
export type ScoringConfig = z.output<typeof ScoringConfig>;
