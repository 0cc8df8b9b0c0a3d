import type { AccountChange, AccountWithLink, NewAccount, OneTimeLink } from '@trancendos/contracts/account';
import type { Postgres } from '@trancendos/platform/postgres';
import type { Actor } from '../audit/write-audit.ts';
import { issueLink } from './one-time-links.ts';
import {
  changeAccount,
  createAccount,
  findAccount,
  listAccounts,
  renderAccount,
  type AccountRefusal,
  type AccountRow,
} from './store-accounts.ts';

/** What admins do with accounts, from the console and from the command line. Sessions that a change ends are ended by every gateway. */
export class AccountDesk {
  readonly #postgres: Postgres;

  constructor(postgres: Postgres) {
    this.#postgres = postgres;
  }

  list(): Promise<AccountRow[]> {
    return listAccounts(this.#postgres.pool);
  }

  find(by: { readonly name: string } | { readonly id: string }): Promise<AccountRow | undefined> {
    return findAccount(this.#postgres.pool, by);
  }

  /** An account, and the link by which its owner gives it a password. */
  create(asked: NewAccount, actor: Actor): Promise<AccountWithLink | AccountRefusal> {
    return this.#postgres.inTransaction(async (client) => {
      const made = await createAccount(client, asked, actor);
      if (typeof made === 'string') return made;
      const link = await issueLink(client, made.id, actor);
      return link ? { account: renderAccount(made), link } : 'account_unknown';
    });
  }

  change(id: string, change: AccountChange, actor: Actor): Promise<AccountRow | AccountRefusal> {
    return this.#postgres.inTransaction((client) => changeAccount(client, { ...change, id }, actor));
  }

  /** A link by which the account's owner chooses another password. */
  resetLink(id: string, actor: Actor): Promise<AccountWithLink | AccountRefusal> {
    return this.#postgres.inTransaction(async (client) => {
      const account = await findAccount(client, { id });
      const link = account && !account.disabled ? await issueLink(client, id, actor) : undefined;
      return account && link ? { account: renderAccount(account), link } : 'account_unknown';
    });
  }

  /** The link that makes the first account; undefined where there is one already. */
  setUpLink(actor: Actor): Promise<OneTimeLink | undefined> {
    return this.#postgres.inTransaction((client) => issueLink(client, null, actor));
  }
}
