import type { AccountKind, AccountStatus, ExpiryPolicy, VelocityLimit } from '@trancendos/contracts/balance';
import type { Currency } from '@trancendos/contracts/money';
import type { Account } from './account.ts';

/** The columns of `ledger.accounts` that make an account, as the driver gives them: bigint as digits. */
export interface AccountRow {
  readonly number: string;
  readonly id: string;
  readonly kind: AccountKind;
  readonly currency: Currency;
  readonly debits_posted: string;
  readonly credits_posted: string;
  readonly debits_pending: string;
  readonly credits_pending: string;
  readonly overdraft_minor: string | null;
  readonly status: AccountStatus;
  readonly on_expiry: ExpiryPolicy;
  readonly velocity: VelocityLimit[] | null;
  readonly metadata: Record<string, string> | null;
  readonly version: string;
  readonly ledger_seq: string;
  readonly changed_at: Date;
}

export const ACCOUNT_COLUMNS =
  'number, id, kind, currency, debits_posted, credits_posted, debits_pending, credits_pending, overdraft_minor, status, on_expiry, velocity, metadata, version, ledger_seq, changed_at';

export function accountOfRow(row: AccountRow): Account {
  return {
    id: row.id,
    number: Number(row.number),
    kind: row.kind,
    currency: row.currency,
    debitsPosted: BigInt(row.debits_posted),
    creditsPosted: BigInt(row.credits_posted),
    debitsPending: BigInt(row.debits_pending),
    creditsPending: BigInt(row.credits_pending),
    overdraftMinor: row.overdraft_minor === null ? null : BigInt(row.overdraft_minor),
    status: row.status,
    onExpiry: row.on_expiry,
    velocity: row.velocity ?? [],
    metadata: row.metadata ?? {},
    version: Number(row.version),
    ledgerSeq: Number(row.ledger_seq),
  };
}
