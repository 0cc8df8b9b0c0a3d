import type { LedgerCommand } from '@trancendos/contracts/ledger-command';
import { CURRENCY_EXPONENT } from '@trancendos/contracts/currency-exponent';
import type { Currency } from '@trancendos/contracts/money';
import { deriveTransferId } from './derive-transfer-id.ts';
import type { Account } from './account.ts';
import type { Draft } from './draft.ts';
import { moveMoney } from './move-money.ts';
import { nameExchange } from './name-accounts.ts';
import { openAccount } from './open-account.ts';
import { readAmount } from './read-amount.ts';
import { isRefusal, refuse, type Refusal } from './refusal.ts';
import { timeOfId } from './time-of-id.ts';

type Exchange = Extract<LedgerCommand, { kind: 'exchange' }>;

/**
 * Money of one currency for money of another, in two legs: the source amount to the exchange account of its currency, the target amount
 * from the exchange account of the other. Each currency balances by itself; what the two exchange accounts hold is the open position.
 */
export function exchangeMoney(draft: Draft, command: Exchange): Refusal | undefined {
  const amountMinor = readAmount(command.amount_minor, '/amount_minor');
  if (isRefusal(amountMinor)) return amountMinor;
  const targetMinor = readAmount(command.target_amount_minor, '/target_amount_minor');
  if (isRefusal(targetMinor)) return targetMinor;
  const accounts = findAccounts(draft, command);
  if (isRefusal(accounts)) return accounts;
  const { currency, target_currency: target, rate: fxRate } = command;
  if (!agrees({ amountMinor, targetMinor, rate: fxRate, shift: CURRENCY_EXPONENT[target] - CURRENCY_EXPONENT[currency] })) {
    return refuse('rate_mismatch', `${amountMinor} ${currency} at ${fxRate} is not ${targetMinor} ${target}`, '/target_amount_minor');
  }
  const atMs = timeOfId(command.command_id);
  const idOf = (leg: string) => deriveTransferId(atMs, 'exchange', command.command_id, leg);
  const source = moveMoney(draft, {
    id: idOf('source'),
    kind: 'post',
    debtor: accounts.debtor,
    creditor: findExchange(draft, currency),
    amountMinor,
    fxRate,
  });
  if (isRefusal(source)) return source;
  const made = moveMoney(draft, {
    id: idOf('target'),
    kind: 'post',
    debtor: findExchange(draft, target),
    creditor: accounts.creditor,
    amountMinor: targetMinor,
    fxRate,
  });
  return isRefusal(made) ? made : undefined;
}

function findAccounts(draft: Draft, command: Exchange): { debtor: Account; creditor: Account } | Refusal {
  const debtor = draft.account(command.debit_account_id);
  if (!debtor) return refuse('account_unknown', `${command.debit_account_id} is not open`, '/debit_account_id');
  const creditor = draft.account(command.credit_account_id);
  if (!creditor) return refuse('account_unknown', `${command.credit_account_id} is not open`, '/credit_account_id');
  if (debtor.currency !== command.currency) {
    return refuse('currency_mismatch', `${debtor.id} is not in ${command.currency}`, '/currency');
  }
  if (creditor.currency !== command.target_currency) {
    return refuse('currency_mismatch', `${creditor.id} is not in ${command.target_currency}`, '/target_currency');
  }
  if (command.currency === command.target_currency) {
    return refuse('currency_mismatch', `both sides are in ${command.currency}: post instead`, '/target_currency');
  }
  return { debtor, creditor };
}

/** The exchange account of a currency, which opens when it is first needed. */
function findExchange(draft: Draft, currency: Currency): Account {
  const name = nameExchange(currency);
  const known = draft.account(name.id);
  if (known) return known;
  const opened = openAccount(draft, name);
  draft.putTerms(opened);
  return opened;
}

interface Quote {
  readonly amountMinor: bigint;
  readonly targetMinor: bigint;
  /** Decimal digits: target units for one source unit. */
  readonly rate: string;
  /** Digits of the target's minor unit less those of the source's. */
  readonly shift: number;
}

/** True when the target is the source times the rate to within one minor unit, whichever way it was rounded. In whole numbers throughout. */
export function agrees({ amountMinor, targetMinor, rate, shift }: Quote): boolean {
  const [whole = '', fraction = ''] = rate.split('.');
  const numerator = amountMinor * BigInt(whole + fraction) * 10n ** BigInt(Math.max(0, shift));
  const denominator = 10n ** BigInt(fraction.length + Math.max(0, -shift));
  const difference = targetMinor * denominator - numerator;
  return (difference < 0n ? -difference : difference) < denominator;
}
