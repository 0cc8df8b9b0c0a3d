import type { Reason } from '@trancendos/contracts/decision';
import { LEDGER_ERRORS, type LedgerErrorCode } from '@trancendos/contracts/ledger-command';
import { CURRENCY_EXPONENT } from '@trancendos/contracts/currency-exponent';
import type { Currency } from '@trancendos/contracts/money';
import type { Account } from './account.ts';

/** Why the ledger does not do what was asked. */
export interface Refusal {
  readonly code: LedgerErrorCode;
  /** The fact with its figures. */
  readonly fact: string;
  /** Of the command, as a JSON pointer; left out where it is about no field of it. */
  readonly field?: string;
}

const DETAIL_MAX = 300;
const REASON_MAX = 160;

export function refuse(code: LedgerErrorCode, fact: string, field?: string): Refusal {
  return { code, fact, ...(field !== undefined && { field }) };
}

export function isRefusal(value: unknown): value is Refusal {
  return typeof value === 'object' && value !== null && 'fact' in value;
}

/** The refusal with its way out, as a command's outcome tells it. */
export function describeRefusal({ code, fact }: Refusal): string {
  return `${fact}: ${LEDGER_ERRORS[code]}`.slice(0, DETAIL_MAX);
}

/** The ledger's reason for a decline, as it stands first in the outcome. */
export function explainRefusal({ code, fact }: Refusal): Reason {
  return { code, category: 'ledger', effect: 'blocks', message: fact.slice(0, REASON_MAX), weight: null };
}

export function refuseFunds(account: Account, neededMinor: bigint, available: bigint): Refusal {
  const { currency } = account;
  return refuse(
    'insufficient_funds',
    `${inMajorUnits(neededMinor, currency)} ${currency} needed, ${inMajorUnits(available, currency)} available`,
  );
}

/** `1249n` of EUR as `12.49`. */
export function inMajorUnits(minor: bigint, currency: Currency): string {
  const exponent = CURRENCY_EXPONENT[currency];
  const digits = String(minor < 0n ? -minor : minor).padStart(exponent + 1, '0');
  const sign = minor < 0n ? '-' : '';
  return exponent === 0 ? sign + digits : `${sign}${digits.slice(0, -exponent)}.${digits.slice(-exponent)}`;
}
