import { callerFields, kafkaFields, listenFields, port, postgresFields, whole } from '@trancendos/platform/config-fields';
import { z } from 'zod';

const versionName = (name: string) =>
  z
    .string()
    .regex(/^[a-z]+-\d+$/, 'a name such as luminous-2')
    .default(name);

/** The environment of scoring. Each name is explained in `.env.example`. */
export const ScoringConfig = z.object({
  ...listenFields,
  ...kafkaFields,
  ...postgresFields,
  /** Of the gateway; without them nobody is believed who says for whom they ask. */
  CALLER_KEYS: callerFields.CALLER_KEYS.optional(),
  SCORING_PORT: port(8083),
  SCORING_METRICS_PORT: port(9183),
  /** A folder of `models/versions/`: what scores until another version is published. */
  SCORING_MODEL: versionName('luminous-2'),
  /** The version that scores where that one is refused or gives no number. */
  SCORING_FALLBACK_MODEL: versionName('luminous-4'),
  /** Where versions lie. Default: `models/versions` of the repository. */
  SCORING_VERSIONS_DIR: z.string().optional(),
  /** How often a replay in the background proves that it gives the features that were decided on. */
  SCORING_PARITY_EVERY_MINUTES: whole(15, 1),
});
export type ScoringConfig = z.output<typeof ScoringConfig>;
