import { z } from 'zod';
import { ConfigError, loadConfig } from './config.ts';
import { logFields, postgresFields } from './config-fields.ts';
import { openLog } from './log.ts';
import { migrate } from './migrate.ts';
import { connectPostgres } from './postgres.ts';

/** A large table may take its time; whoever runs this sets the limit. */
const STATEMENT_MAX_MS = 3_600_000;

/**
 * Brings the database forward before services of a new version start: `migrate-main.js SCHEMA=FOLDER ...`, one pair for each service.
 * Services do the same when they start, and then find nothing left to do. Exits with 0 when everything is applied and with 1 when something
 * was refused; schemas that are done by then stay so, and it may run again.
 */
const log = openLog('migrate', loadConfig(z.object(logFields)));
try {
  await migrateAll(process.argv.slice(2));
} catch (error) {
  if (error instanceof ConfigError) log.fatal(error.message);
  else log.fatal({ err: error }, 'the database is not as far as the files');
  process.exitCode = 1;
}

async function migrateAll(pairs: readonly string[]): Promise<void> {
  if (pairs.length === 0) throw new ConfigError('which schemas? migrate-main.js SCHEMA=FOLDER ...');
  const { DATABASE_URL: url } = loadConfig(z.object(postgresFields));
  const postgres = await connectPostgres({ url, applicationName: 'migrate', poolMax: 1, queryTimeoutMs: STATEMENT_MAX_MS });
  try {
    for (const pair of pairs) {
      const [schema = '', folder = ''] = pair.split('=');
      await migrate(postgres, { schema, folder, log });
      log.info({ schema }, 'as far as its files');
    }
  } finally {
    await postgres.stop();
  }
}
