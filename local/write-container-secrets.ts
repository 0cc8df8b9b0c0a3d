import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { REPOSITORY } from './config.ts';
import { keepSecrets } from './keep-secrets.ts';

/** What docker/compose.yaml gives to its PostgreSQL. */
const DATABASE_URL = 'postgres://trancendos:trancendos@postgres:5432/trancendos';

/**
 * `npm run docker:secrets`: makes the secrets of docker/compose.yaml in `docker/secrets`, those that are missing. Containers run as a user of
 * their own and read the files; on this machine the folder, which only its owner can enter, keeps them.
 */
const folder = join(REPOSITORY, 'docker', 'secrets');
mkdirSync(folder, { recursive: true, mode: 0o700 });
const { sandboxKey, loginToken } = keepSecrets(folder);
keep('database-url', () => DATABASE_URL);
keep('grafana-password', () => randomBytes(18).toString('base64url'));
for (const file of readdirSync(folder)) chmodSync(join(folder, file), 0o644);
process.stdout.write(`API key of the sandbox: ${sandboxKey}\nConsole: http://localhost:8080/login?token=${loginToken}\n`);

function keep(name: string, make: () => string): void {
  const file = join(folder, name);
  if (!existsSync(file)) writeFileSync(file, `${make()}\n`, { mode: 0o644 });
}
