import { callerFields, flag, kafkaFields, listenFields, port, postgresFields, redisFields } from '@trancendos/platform/config-fields';
import { z } from 'zod';

const address = (defaultUrl: string) => z.url({ protocol: /^https?$/ }).default(defaultUrl);

/** The environment of realtime. Each name is explained in `.env.example`. */
export const RealtimeConfig = z
  .object({
    ...listenFields,
    ...kafkaFields,
    ...postgresFields,
    ...redisFields,
    ...callerFields,
    NODE_ENV: z.string().default('development'),
    REALTIME_PORT: port(8080),
    REALTIME_METRICS_PORT: port(9180),
    LEDGER_URL: address('http://127.0.0.1:8082'),
    SCORING_URL: address('http://127.0.0.1:8083'),
    REVIEW_URL: address('http://127.0.0.1:8084'),
    /** Host names that the console is reached by, several separated by commas; others are refused. */
    CONSOLE_HOSTS: z
      .string()
      .default('localhost,127.0.0.1,[::1]')
      .transform((hosts) => hosts.split(',').map((host) => host.trim().toLowerCase())),
    /** Outcomes read again at the start, at least so many: the first page is not empty. */
    FEED_BACKFILL_ROWS: z.coerce.number().int().min(0).max(40_000).default(5_000),
    /** And those of so many seconds, as far as the feed keeps them: whoever was connected goes on without a gap. */
    FEED_BACKFILL_SECONDS: z.coerce.number().int().min(0).max(300).default(15),
    /** Addresses or networks of proxies in front, several separated by commas: they say from where a request comes. */
    CONSOLE_PROXIES: z
      .string()
      .optional()
      .transform((proxies) => proxies?.split(',').map((proxy) => proxy.trim())),
    /** Whether browsers reach the console over TLS. Always, where NODE_ENV is production. */
    CONSOLE_HTTPS: flag(false),
    CONSOLE_LOGIN_TOKEN: z.string().min(16, 'at least 16 characters').optional(),
    CONSOLE_DEMO_SESSION: flag(false),
  })
  .refine((config) => !(config.CONSOLE_DEMO_SESSION && config.NODE_ENV === 'production'), {
    path: ['CONSOLE_DEMO_SESSION'],
    message: 'a console without sign-in is refused where NODE_ENV is production',
  });
export type RealtimeConfig = z.output<typeof RealtimeConfig>;
