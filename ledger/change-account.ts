import type { LedgerCommand } from '@trancendos/contracts/ledger-command';
import { availableMinor, type Account } from './account.ts';
import type { Draft } from './draft.ts';
import { COUNTER_MAX_MINOR } from './move-money.ts';
import { nameOfId } from './name-accounts.ts';
import { openAccount } from './open-account.ts';
import { refuse, refuseFunds, type Refusal } from './refusal.ts';

type AccountCommand = Extract<LedgerCommand, { kind: 'open_account' | 'set_terms' | 'set_status' }>;
type Terms = Extract<LedgerCommand, { kind: 'set_terms' }>;

/** Opens an account, or changes its terms or status. */
export function changeAccount(draft: Draft, command: AccountCommand): Refusal | undefined {
  const known = draft.account(command.account_id);
  if (command.kind === 'open_account') return known ? refuseKnown(known) : open(draft, command);
  if (!known) return refuse('account_unknown', `${command.account_id} is not open`, '/account_id');
  if (known.status === 'closed') return refuse('account_closed', `${known.id} is closed`, '/account_id');
  const next = { ...known, version: known.version + 1, ledgerSeq: draft.ledgerSeq };
  if (command.kind === 'set_terms') return keep(draft, withTerms(next, command));
  if (command.status === 'closed' && !isEmpty(known)) return refuse('account_not_empty', `${known.id} is not empty`, '/status');
  return keep(draft, { ...next, status: command.status });
}

function open(draft: Draft, command: Extract<AccountCommand, { kind: 'open_account' }>): Refusal | undefined {
  const name = nameOfId(command.account_id);
  if (!name) return refuse('currency_mismatch', `${command.account_id} names no currency of the platform`, '/account_id');
  return keep(draft, withTerms(openAccount(draft, name), command));
}

function refuseKnown({ id, status }: Account): Refusal {
  return refuse('account_exists', `${id} is ${status}`, '/account_id');
}

/** What is left out stays as it is. */
function withTerms(account: Account, terms: Omit<Terms, 'kind'>): Account {
  const { overdraft_minor: overdraft, on_expiry, velocity, metadata } = terms;
  return {
    ...account,
    overdraftMinor: overdraft === undefined ? account.overdraftMinor : overdraft === null ? null : BigInt(overdraft),
    onExpiry: on_expiry ?? account.onExpiry,
    velocity: velocity ?? account.velocity,
    metadata: metadata ?? account.metadata,
  };
}

function keep(draft: Draft, account: Account): Refusal | undefined {
  if (account.overdraftMinor !== null && account.overdraftMinor > COUNTER_MAX_MINOR) {
    return refuse('amount_too_large', `an overdraft of ${account.overdraftMinor} is more than the ledger counts`, '/overdraft_minor');
  }
  const available = availableMinor(account);
  if (available !== null && available < 0n) return { ...refuseFunds(account, 0n, available), field: '/overdraft_minor' };
  draft.putTerms(account);
  return undefined;
}

function isEmpty({ debitsPosted, creditsPosted, debitsPending, creditsPending }: Account): boolean {
  return debitsPosted === creditsPosted && debitsPending === 0n && creditsPending === 0n;
}
