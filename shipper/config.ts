import { listenFields, port, secret, whole } from '@trancendos/platform/config-fields';
import { z } from 'zod';

/** The environment of the shipper. Each name is explained in `.env.example`. */
export const ShipperConfig = z.object({
  ...listenFields,
  ELASTICSEARCH_URL: secret(z.url({ protocol: /^https?$/ })),
  /** The folder with the log files of the services. */
  SHIPPER_LOGS_DIR: z.string().min(1),
  /** Where positions and dead letters are kept. */
  SHIPPER_STATE_DIR: z.string().min(1),
  /** Whose files are shipped: the names before `.log`, separated by commas. */
  SHIPPER_SERVICES: z
    .string()
    .regex(/^[a-z-]+(,[a-z-]+)*$/, 'names separated by commas')
    .default('ingest,scoring,ledger,review,realtime,shipper')
    .transform((names) => names.split(',')),
  /** The last part of the data streams' names: which environment it is. */
  SHIPPER_NAMESPACE: z
    .string()
    .regex(/^[a-z0-9_]{1,40}$/)
    .default('default'),
  SHIPPER_BULK_MAX_LINES: whole(1_000, 1),
  SHIPPER_METRICS_PORT: port(9185),
});
export type ShipperConfig = z.output<typeof ShipperConfig>;
