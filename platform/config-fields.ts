import { z } from 'zod';
import { Secret } from './secret.ts';

/** A TCP port. */
export const port = (defaultPort: number) => z.coerce.number().int().min(0).max(65_535).default(defaultPort);

/** A count or a duration: a whole number of at least `min`. */
export const whole = (defaultValue: number, min = 0) => z.coerce.number().int().min(min).default(defaultValue);

/** An amount in minor units. */
export const minor = (defaultMinor: bigint) => z.coerce.bigint().min(0n).default(defaultMinor);

/** What must never be shown: a key, a token, an address that may hold a password. */
export const secret = <T>(schema: z.ZodType<T, string>) => schema.transform((value) => new Secret(value));

/** `true` or `false`. */
export const flag = (defaultValue: boolean) =>
  z
    .enum(['true', 'false'])
    .default(defaultValue ? 'true' : 'false')
    .transform((text) => text === 'true');

/** On which address a service listens: this machine alone by default, `0.0.0.0` or `::` in a container. */
export const listenFields = { LISTEN_HOST: z.union([z.ipv4(), z.ipv6()], 'an address such as 127.0.0.1 or 0.0.0.0').default('127.0.0.1') };

/** Where the event log is: `host:port`, several separated by commas. */
export const kafkaFields = {
  KAFKA_BROKERS: z
    .string()
    .regex(/^[^\s,:]+:\d+(,[^\s,:]+:\d+)*$/, 'host:port, several separated by commas')
    .transform((brokers) => brokers.split(',')),
  KAFKA_TOPIC_PARTITIONS: whole(1, 1),
};

/** Where PostgreSQL is: `postgres://user:password@host:port/database`. */
export const postgresFields = {
  DATABASE_URL: secret(z.string().regex(/^postgres(ql)?:\/\//, 'postgres://user:password@host:port/database')),
};

/** Where Redis is: `redis://host:port`. */
export const redisFields = { REDIS_URL: secret(z.string().regex(/^rediss?:\/\//, 'redis://host:port')) };

/** Where spans go, by OTLP over HTTP; without it none are recorded. The names are OpenTelemetry's own. */
export const traceFields = {
  OTEL_EXPORTER_OTLP_ENDPOINT: z.url({ protocol: /^https?$/ }).optional(),
  /** The share of traces that is recorded, 0 to 1. */
  OTEL_TRACES_SAMPLER_ARG: z.coerce.number().min(0).max(1).default(1),
};

/** How a process logs: ECS JSON, or lines for a person; by default lines when it writes to a terminal. */
export const logFields = {
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal']).default('info'),
  LOG_FORMAT: z.enum(['json', 'pretty']).optional(),
};

/**
 * With which the gateway signs for whom it asks other services: `name:secret`, several separated by commas, each secret 32 bytes or more in
 * base64. The first signs, all are believed; so a new one is put last everywhere, then first, then the old one is taken away.
 */
export const callerFields = {
  CALLER_KEYS: secret(
    z
      .string()
      .regex(/^[A-Za-z0-9_-]{1,32}:[A-Za-z0-9+/]{43,}={0,2}(,[A-Za-z0-9_-]{1,32}:[A-Za-z0-9+/]{43,}={0,2})*$/, {
        message: 'name:secret, several separated by commas; a secret is 32 bytes or more in base64',
      })
      .transform((keys) =>
        keys.split(',').map((key) => {
          const [id = '', shared = ''] = key.split(':');
          return { id, secret: Buffer.from(shared, 'base64') };
        }),
      ),
  ),
};
