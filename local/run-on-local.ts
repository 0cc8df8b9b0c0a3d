import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { childEnvironment, loadConfig } from '@trancendos/platform/config';
import { LocalConfig, REPOSITORY } from './config.ts';
import { dataElsewhere } from './system-user.ts';
import { localDatabaseUrl } from './plan-postgres.ts';

/**
 * Runs a program of a service against this machine's stack: with the address of its database, where the environment names none. The rest of the
 * arguments is the program's.
 */
const [program, ...args] = process.argv.slice(2);
if (program === undefined) throw new Error('which program? run-on-local.js <js file> [arguments]');
if (existsSync(join(REPOSITORY, '.env'))) process.loadEnvFile(join(REPOSITORY, '.env'));
const config = loadConfig(LocalConfig);
const databaseUrl = config.DATABASE_URL ?? urlOfStack();
const child = spawn(process.execPath, ['--enable-source-maps', join(REPOSITORY, program), ...args], {
  stdio: 'inherit',
  env: childEnvironment({ DATABASE_URL: databaseUrl }),
});
const [code] = (await once(child, 'exit')) as [number | null];
process.exitCode = code ?? 1;

/** Undefined where no stack has ever run here: the program then says what it lacks. */
function urlOfStack(): string | undefined {
  const home = join(config.LOCAL_DIR, 'postgres');
  const passwordFile = join(dataElsewhere(home) ?? home, 'password');
  if (!existsSync(passwordFile)) return undefined;
  return localDatabaseUrl(readFileSync(passwordFile, 'utf8').trim(), config.LOCAL_POSTGRES_PORT);
}
