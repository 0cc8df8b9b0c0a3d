import { KEY_SCOPES, KeyMode, NewApiKey, type KeyScope } from '@trancendos/contracts/api-key';
import { MerchantId } from '@trancendos/contracts/ids';
import { ConfigError, loadConfig } from '@trancendos/platform/config';
import { postgresFields } from '@trancendos/platform/config-fields';
import { connectPostgres } from '@trancendos/platform/postgres';
import { Command, InvalidArgumentError, Option } from 'commander';
import { z } from 'zod';
import { IngestConfig } from '../config.ts';
import { ADVICE } from '../refusal.ts';
import { Sealer } from '../seal-secret.ts';
import { createKey, listKeys, renderKey, revokeKey, type KeyRow } from './store-keys.ts';

const KeysConfig = z.object({ ...postgresFields, INGEST_SEALING_KEY: IngestConfig.shape.INGEST_SEALING_KEY });
const DAY_MS = 86_400_000;

interface Options {
  readonly merchant: string;
  readonly mode: KeyMode;
  readonly name?: string;
  readonly scope?: KeyScope[];
  readonly allowIp?: string[];
  readonly expiresInDays?: number;
  readonly json?: boolean;
}

/** The operator's way to API keys, first of all to a merchant's first one. */
const program = new Command('keys')
  .description('Creates, lists and revokes the API keys of merchants. Needs DATABASE_URL and INGEST_SEALING_KEY as ingest has them.')
  .helpCommand(false);
const merchant = () => new Option('--merchant <id>', 'whose keys').makeOptionMandatory().argParser(fits(MerchantId, 'a merchant id'));
const json = () => new Option('--json', 'one JSON object for scripts');

program
  .command('create')
  .description('makes a key and shows it, this once')
  .addOption(merchant())
  .addOption(new Option('--mode <mode>', 'live moves money, test is for trying').choices(KeyMode.options).default('live'))
  .option('--name <text>', 'what it is for')
  .addOption(new Option('--scope <scopes...>', 'what it may do; everything where it is left out').choices(KEY_SCOPES))
  .option('--allow-ip <addresses...>', 'addresses or CIDR ranges that may use it; all where it is left out')
  .option('--expires-in-days <days>', 'when it goes out of use', fits(z.coerce.number().positive(), 'a number of days'))
  .addOption(json())
  .action(create);
program.command('list').description('lists the keys of a merchant').addOption(merchant()).addOption(json()).action(list);
program
  .command('revoke <key-id>')
  .description('takes a key out of use; every instance refuses it within 2 s')
  .addOption(merchant())
  .addOption(json())
  .action(revoke);

async function create(options: Options): Promise<void> {
  const asked = NewApiKey.safeParse({
    mode: options.mode,
    name: options.name,
    scopes: options.scope ?? KEY_SCOPES,
    allowed_ips: options.allowIp,
    expires_at: options.expiresInDays && new Date(Date.now() + options.expiresInDays * DAY_MS).toISOString(),
  });
  if (!asked.success) throw new InvalidArgumentError(z.prettifyError(asked.error));
  const created = await withDatabase((postgres, sealer) => createKey(postgres, sealer, options.merchant, asked.data));
  if ('refused' in created) throw new InvalidArgumentError(ADVICE[created.refused]);
  const { row, key, signingSecret } = created;
  if (options.json) say(JSON.stringify({ ...renderKey(row), key, signing_secret: signingSecret.toString('base64') }));
  else say(`${describe(row)}\n\nkey             ${key}\nsigning secret  ${signingSecret.toString('base64')}\n\nThey are not shown again.`);
}

async function list(options: Options): Promise<void> {
  const rows = await withDatabase(({ pool }) => listKeys(pool, options.merchant));
  if (options.json) say(JSON.stringify({ keys: rows.map(renderKey) }));
  else say(rows.length === 0 ? 'No keys.' : rows.map(describe).join('\n'));
}

async function revoke(keyId: string, options: Options): Promise<void> {
  const row = await withDatabase(({ pool }) => revokeKey(pool, options.merchant, keyId));
  if (!row) throw new InvalidArgumentError(`${options.merchant} has no key ${keyId}.`);
  say(options.json ? JSON.stringify(renderKey(row)) : describe(row));
}

function describe(row: KeyRow): string {
  const state = row.revoked_at ? 'revoked' : row.expires_at && row.expires_at.getTime() <= Date.now() ? 'expired' : 'in use';
  const used = row.last_used_at ? `last used ${row.last_used_at.toISOString().slice(0, 13)}h` : 'never used';
  return [row.key_id, row.mode, `...${row.hint ?? ''}`, state, used, row.scopes.join(','), row.name ?? ''].join('  ').trimEnd();
}

async function withDatabase<T>(work: (postgres: Awaited<ReturnType<typeof connectPostgres>>, sealer: Sealer) => Promise<T>): Promise<T> {
  const config = loadConfig(KeysConfig);
  const postgres = await connectPostgres({ url: config.DATABASE_URL, applicationName: 'keys', poolMax: 1 });
  try {
    return await work(postgres, new Sealer(config.INGEST_SEALING_KEY.reveal()));
  } finally {
    await postgres.stop();
  }
}

function fits<T>(schema: z.ZodType<T>, expected: string): (text: string) => T {
  return (text) => {
    const parsed = schema.safeParse(text);
    if (!parsed.success) throw new InvalidArgumentError(`not ${expected}`);
    return parsed.data;
  };
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof InvalidArgumentError) && !(error instanceof ConfigError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
