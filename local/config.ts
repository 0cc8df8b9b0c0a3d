import { join } from 'node:path';
import { flag, logFields, minor, port } from '@trancendos/platform/config-fields';
import { packageRoot } from '@trancendos/platform/package-root';
import { z } from 'zod';

/** The folder of the whole repository. */
export const REPOSITORY = join(packageRoot(import.meta.dirname), '..');

/** The environment of the one-machine stack. Each name is explained in `.env.example`. */
export const LocalConfig = z.object({
  ...logFields,
  LOCAL_DIR: z.string().default(join(REPOSITORY, '.local')),
  LOCAL_KAFKA_PORT: port(19_092),
  LOCAL_KAFKA_CONTROLLER_PORT: port(19_093),
  LOCAL_POSTGRES_PORT: port(15_432),
  LOCAL_REDIS_PORT: port(16_379),
  LOCAL_ELASTICSEARCH_PORT: port(19_200),
  LOCAL_PROMETHEUS_PORT: port(9090),
  LOCAL_ALERTMANAGER_PORT: port(9093),
  PROMETHEUS_URL: z.url().optional(),
  ALERTMANAGER_URL: z.url().optional(),
  ALERT_ON_CALL_URL: z.url().optional(),
  ALERT_RISK_MANAGERS_URL: z.url().optional(),
  KAFKA_BROKERS: z.string().optional(),
  DATABASE_URL: z.string().optional(),
  REDIS_URL: z.string().optional(),
  ELASTICSEARCH_URL: z.string().optional(),
  JAVA_HOME: z.string().optional(),
  INGEST_PORT: port(8081),
  INGEST_METRICS_PORT: port(9181),
  SCORING_PORT: port(8083),
  SCORING_METRICS_PORT: port(9183),
  LEDGER_PORT: port(8082),
  LEDGER_METRICS_PORT: port(9182),
  REVIEW_PORT: port(8084),
  REVIEW_METRICS_PORT: port(9184),
  REALTIME_PORT: port(8080),
  REALTIME_METRICS_PORT: port(9180),
  SHIPPER_METRICS_PORT: port(9185),
  NODE_ENV: z.string().default('development'),
  CONSOLE_DEMO_SESSION: flag(true),
  CONSOLE_LOGIN_TOKEN: z.string().optional(),
  /** Enough for the people of the demo to shop for years. */
  LEDGER_OPENING_CREDIT_MINOR: minor(10_000_000n),
});
export type LocalConfig = z.output<typeof LocalConfig>;
