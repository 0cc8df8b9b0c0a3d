import { NewAccount, type Account, type AccountWithLink } from '@trancendos/contracts/account';
import { ROLES, type Role } from '@trancendos/contracts/session';
import { ConfigError, loadConfig } from '@trancendos/platform/config';
import { postgresFields } from '@trancendos/platform/config-fields';
import { openLog } from '@trancendos/platform/log';
import { migrate } from '@trancendos/platform/migrate';
import { packageRoot } from '@trancendos/platform/package-root';
import { connectPostgres } from '@trancendos/platform/postgres';
import { Command, InvalidArgumentError, Option } from 'commander';
import { join } from 'node:path';
import { z } from 'zod';
import { OPERATOR } from '../audit/write-audit.ts';
import { AccountDesk } from './account-desk.ts';
import { renderAccount, type AccountRefusal, type AccountRow } from './store-accounts.ts';

interface Options {
  readonly role?: Role[];
  readonly console: string;
  readonly json?: boolean;
}

const REFUSED: Readonly<Record<AccountRefusal, string>> = {
  name_taken: 'There is an account of this name already.',
  too_many_accounts: 'There are a thousand accounts.',
  account_unknown: 'There is no such account, or it is disabled.',
  last_admin: 'This is the last admin who can sign in: make somebody else an admin first.',
};

/** The operator's way to the console's accounts, first of all to the first one. */
const program = new Command('accounts')
  .description(
    "Makes, lists and changes the console's accounts. Needs DATABASE_URL as realtime has it. Sessions that a change ends are gone within 2 s.",
  )
  .helpCommand(false);
const json = () => new Option('--json', 'one JSON object for scripts');
const address = () => new Option('--console <url>', 'where the console is, for the link').default('http://127.0.0.1:8080');
const roles = () => new Option('--role <roles...>', 'what they do').choices(ROLES).makeOptionMandatory();

program
  .command('set-up-link')
  .description('prints a link that makes the first account, an admin; valid once, for an hour')
  .addOption(address())
  .addOption(json())
  .action(setUpLink);
program
  .command('add <name>')
  .description('makes an account and prints the link by which its owner chooses a password; valid once, for a day')
  .addOption(roles())
  .addOption(address())
  .addOption(json())
  .action(add);
program.command('list').description('lists all accounts').addOption(json()).action(list);
program
  .command('reset-link <name>')
  .description('prints a link by which the owner chooses another password, also after too many attempts; valid once, for a day')
  .addOption(address())
  .addOption(json())
  .action(resetLink);
program
  .command('roles <name>')
  .description('gives an account other roles')
  .addOption(roles())
  .addOption(json())
  .action((name: string, options: Options) => change(name, { roles: options.role ?? [] }, options));
program
  .command('disable <name>')
  .description('lets nobody sign in with an account any more, and ends its sessions')
  .addOption(json())
  .action((name: string, options: Options) => change(name, { disabled: true }, options));
program
  .command('enable <name>')
  .description('lets its owner sign in again')
  .addOption(json())
  .action((name: string, options: Options) => change(name, { disabled: false }, options));

async function setUpLink(options: Options): Promise<void> {
  const link = await withDesk((desk) => desk.setUpLink(OPERATOR));
  if (!link) throw new InvalidArgumentError('There is an account already: accounts list, accounts reset-link NAME.');
  const url = options.console + link.path;
  say(options, { link: url, expires_at: link.expires_at }, `${url}\nValid once, until ${link.expires_at}.`);
}

async function add(name: string, options: Options): Promise<void> {
  const asked = NewAccount.safeParse({ name, roles: options.role });
  if (!asked.success) throw new InvalidArgumentError(z.prettifyError(asked.error));
  tellLink(done(await withDesk((desk) => desk.create(asked.data, OPERATOR))), options);
}

async function list(options: Options): Promise<void> {
  const accounts = (await withDesk((desk) => desk.list())).map(renderAccount);
  say(options, { accounts }, accounts.length === 0 ? 'No accounts: accounts set-up-link.' : accounts.map(describe).join('\n'));
}

async function resetLink(name: string, options: Options): Promise<void> {
  const answer = await withDesk(async (desk) => {
    const account = await desk.find({ name: name.toLowerCase() });
    return account ? desk.resetLink(account.id, OPERATOR) : 'account_unknown';
  });
  tellLink(done(answer), options);
}

async function change(name: string, asked: { roles?: Role[]; disabled?: boolean }, options: Options): Promise<void> {
  const answer = await withDesk(async (desk) => {
    const account = await desk.find({ name: name.toLowerCase() });
    return account ? desk.change(account.id, asked, OPERATOR) : 'account_unknown';
  });
  const account = renderAccount(done<AccountRow>(answer));
  say(options, account, describe(account));
}

function tellLink({ account, link }: AccountWithLink, options: Options): void {
  const url = options.console + link.path;
  say(
    options,
    { account, link: url, expires_at: link.expires_at },
    `${describe(account)}\n\n${url}\nValid once, until ${link.expires_at}.`,
  );
}

function describe({ name, status, roles: given, last_sign_in_at: last }: Account): string {
  return [name, status, given.join(','), last === null ? 'never signed in' : `signed in ${last.slice(0, 16)}Z`].join('  ');
}

function done<T>(answer: T | AccountRefusal): T {
  if (typeof answer === 'string' && answer in REFUSED) throw new InvalidArgumentError(REFUSED[answer as AccountRefusal]);
  return answer as T;
}

/** Brings the schema forward first: the first account may be wanted before a gateway has ever run. */
async function withDesk<T>(work: (desk: AccountDesk) => Promise<T>): Promise<T> {
  const config = loadConfig(z.object(postgresFields));
  const postgres = await connectPostgres({ url: config.DATABASE_URL, applicationName: 'accounts', poolMax: 1 });
  try {
    const folder = join(packageRoot(import.meta.dirname), 'migrations');
    await migrate(postgres, { schema: 'realtime', folder, log: openLog('accounts', { LOG_LEVEL: 'fatal', LOG_FORMAT: 'json' }) });
    return await work(new AccountDesk(postgres));
  } finally {
    await postgres.stop();
  }
}

function say(options: Options, value: object, text: string): void {
  process.stdout.write(`${options.json ? JSON.stringify(value) : text}\n`);
}

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof InvalidArgumentError) && !(error instanceof ConfigError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
