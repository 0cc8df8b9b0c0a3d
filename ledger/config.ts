import {
  callerFields,
  flag,
  kafkaFields,
  listenFields,
  port,
  postgresFields,
  redisFields,
  whole,
} from '@trancendos/platform/config-fields';
import { z } from 'zod';

/** An amount in minor units that is one transfer's at most. */
const amountMinor = z.coerce.bigint().min(0n).max(BigInt(Number.MAX_SAFE_INTEGER)).default(0n);
const YEAR_MS = 365 * 86_400_000;

/** The environment of the ledger. Each name is explained in `.env.example`. */
export const LedgerConfig = z.object({
  ...listenFields,
  ...kafkaFields,
  ...postgresFields,
  /** For balances that are asked for often, which are read from PostgreSQL without it, and to announce outcomes to those who wait for them. */
  REDIS_URL: redisFields.REDIS_URL.optional(),
  /** Of the gateway; without them nobody is believed who says for whom they ask. */
  CALLER_KEYS: callerFields.CALLER_KEYS.optional(),
  LEDGER_PORT: port(8082),
  LEDGER_METRICS_PORT: port(9182),
  LEDGER_OPEN_AT_FIRST_SIGHT: flag(true),
  LEDGER_OPENING_CREDIT_MINOR: amountMinor,
  LEDGER_CUSTOMER_OVERDRAFT_MINOR: amountMinor,
  LEDGER_HOLD_TTL_MS: z.coerce.number().int().min(1).max(YEAR_MS).default(86_400_000),
  LEDGER_PARTITION_DAYS: z.coerce.number().int().min(1).max(366).default(7),
  LEDGER_ANSWER_TIMEOUT_MS: whole(2_000, 1),
});
export type LedgerConfig = z.output<typeof LedgerConfig>;
