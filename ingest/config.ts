import { DEADLINE_MS } from '@trancendos/contracts/transaction';
import { flag, kafkaFields, listenFields, port, postgresFields, redisFields, secret, whole } from '@trancendos/platform/config-fields';
import { z } from 'zod';

/** The environment of ingest. Each name is explained in `.env.example`. */
export const IngestConfig = z
  .object({
    NODE_ENV: z.string().default('development'),
    /** For a run on one machine: webhooks may go to it, over HTTP. */
    WEBHOOKS_ALLOW_LOOPBACK: flag(false),
    ...listenFields,
    ...kafkaFields,
    ...postgresFields,
    INGEST_PORT: port(8081),
    INGEST_METRICS_PORT: port(9181),
    ...redisFields,
    SCORING_URL: z.url({ protocol: /^https?$/ }).default('http://127.0.0.1:8083'),
    INGEST_PUBLIC_URL: z
      .string()
      .regex(/^https?:\/\/[^/]+$/, 'scheme and host, e.g. https://api.example.com')
      .optional(),
    INGEST_TRUSTED_PROXIES: whole(0),
    INGEST_SEALING_KEY: secret(
      z
        .string()
        .regex(/^[A-Za-z0-9+/]{43}=$/, '32 bytes in base64, e.g. from: openssl rand -base64 32')
        .transform((text) => Buffer.from(text, 'base64')),
    ),
    INGEST_KEY_RATE_PER_SECOND: whole(1_000, 1),
    INGEST_KEY_BURST: whole(2_000, 1),
    API_KEYS_FILE: z.string().min(1).optional(),
    INGEST_MAX_EVENT_AGE_DAYS: whole(400, 1),
    INGEST_DEADLINE_MS: whole(DEADLINE_MS.byDefault, DEADLINE_MS.min).refine((ms) => ms <= DEADLINE_MS.max, `at most ${DEADLINE_MS.max}`),
    INGEST_FALLBACK_MARGIN_MS: whole(60, 1),
    INGEST_CLAIM_EVERY_MS: whole(8).refine((ms) => ms <= 100, 'at most 100'),
    INGEST_MAX_WAITING: whole(5_000, 1),
  })
  .refine((config) => !(config.WEBHOOKS_ALLOW_LOOPBACK && config.NODE_ENV === 'production'), {
    path: ['WEBHOOKS_ALLOW_LOOPBACK'],
    message: 'webhooks to this machine are refused where NODE_ENV is production',
  });
export type IngestConfig = z.output<typeof IngestConfig>;
