import { kafkaFields, port, postgresFields } from '@trancendos/platform/config-fields';
import { z } from 'zod';

const versionName = (name: string) =>
  z
    .string()
    .regex(/^[a-z]+-\d+$/, 'a name such as luminous-2')
    .default(name);

/** The environment of scoring. Each name is explained in `.env.example`. */
export const ScoringConfig = z.object({
  ...kafkaFields,
  ...postgresFields,
  SCORING_PORT: port(8083),
  SCORING_METRICS_PORT: port(9183),
  /** A folder of `models/versions/`: what scores until another version is published. */
  SCORING_MODEL: versionName('luminous-2'),
  /** The version that scores where that one is refused or gives no number. */
  SCORING_FALLBACK_MODEL: versionName('luminous-3'),
  /** Where versions lie. Default: `models/versions` of the repository. */
  SCORING_VERSIONS_DIR: z.string().optional(),
});
export type ScoringConfig = z.output<typeof ScoringConfig>;
