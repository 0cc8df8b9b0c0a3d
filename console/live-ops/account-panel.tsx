import type { Balance } from '@trancendos/contracts/balance';
import type { Currency } from '@trancendos/contracts/money';
import type { FeedItem } from '@trancendos/contracts/socket';
import { useEffect, useState } from 'react';
import { useCell } from '../ui/cell.ts';
import { formatMoney } from '../ui/format-money.ts';
import { formatClock } from '../ui/format-time.ts';
import { fetchTransfers, type FetchedTransfers, type TransferLine } from './fetch-transfers.ts';
import { useLiveSession } from './live-session.ts';
import { nameAccounts } from './name-accounts.ts';

const LINES_MAX = 4;
const REFETCH_AFTER_MS = 400;

interface AccountProps {
  readonly accountId: string;
  readonly title: string;
  readonly currency: Currency;
}

/** Both sides' balances as they move. While it is on screen the gateway sends every change of the two accounts. */
export function AccountBalances({ item }: { readonly item: FeedItem }) {
  const session = useLiveSession();
  const { payer, merchant } = nameAccounts(item);
  useEffect(() => {
    session.watch([payer, merchant]);
    return () => session.watch([]);
  }, [session, payer, merchant]);
  return (
    <section>
      <h3>Balances, live</h3>
      <div className="accounts num">
        <Account accountId={payer} title={item.payer.account_id ?? 'Cards, clearing'} currency={item.currency} />
        <Account accountId={merchant} title={item.merchant_id} currency={item.currency} />
      </div>
    </section>
  );
}

/** The newest transfers of both sides. */
export function AccountTransfers({ item }: { readonly item: FeedItem }) {
  const { payer, merchant } = nameAccounts(item);
  return (
    <>
      <Transfers accountId={payer} title={item.payer.account_id ?? 'cards, clearing'} />
      <Transfers accountId={merchant} title={item.merchant_id} />
    </>
  );
}

function Account({ accountId, title, currency }: AccountProps) {
  const balance = useCell(useLiveSession().balances.current).get(accountId);
  return (
    <div className="account" title={accountId}>
      <span className="second">{title}</span>
      <b data-balance={accountId}>{balance ? formatMoney(balanceOf(balance), currency) : '–'}</b>
      <span className="second">{balance ? describePending(balance) : 'no account yet'}</span>
    </div>
  );
}

/** What the account has: credits less debits that are posted. A spending limit, where there is one, is told apart. */
function balanceOf({ credits_posted, debits_posted }: Balance): string {
  return String(BigInt(credits_posted) - BigInt(debits_posted));
}

function describePending({ available, debits_pending, credits_pending, currency }: Balance): string {
  const parts: string[] = [];
  if (available !== null) parts.push(`${formatMoney(available, currency)} available`);
  if (debits_pending !== '0') parts.push(`${formatMoney(debits_pending, currency)} held`);
  if (credits_pending !== '0') parts.push(`${formatMoney(credits_pending, currency)} incoming`);
  return parts.join(', ') || 'nothing pending';
}

function Transfers({ accountId, title }: { readonly accountId: string; readonly title: string }) {
  const version = useCell(useLiveSession().balances.current).get(accountId)?.version;
  const [fetched, setFetched] = useState<FetchedTransfers>();
  useEffect(() => {
    const abort = new AbortController();
    // A busy account changes many times a second; its statement is read again once it rests for a moment.
    const timer = setTimeout(
      () => {
        void fetchTransfers(accountId, abort.signal).then((answer) => {
          if (!abort.signal.aborted) setFetched(answer);
        });
      },
      version === undefined ? 0 : REFETCH_AFTER_MS,
    );
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [accountId, version]);
  return (
    <section>
      <h3>Last transfers of {title}</h3>
      <TransferList fetched={fetched} />
    </section>
  );
}

function TransferList({ fetched }: { readonly fetched: FetchedTransfers | undefined }) {
  if (!fetched) return <div className="skeleton appear-late h-3 w-48" aria-hidden />;
  if (fetched.kind === 'away') return <div className="second">They cannot be read at the moment.</div>;
  if (fetched.kind === 'none' || fetched.transfers.length === 0) return <div className="second">None yet.</div>;
  return (
    <ul className="transfers num">
      {fetched.transfers.slice(0, LINES_MAX).map((transfer) => (
        <Transfer key={transfer.transfer_id} transfer={transfer} />
      ))}
    </ul>
  );
}

const KINDS: Readonly<Record<string, string>> = { post: 'paid', hold: 'held', opening: 'opened with' };

function Transfer({ transfer }: { readonly transfer: TransferLine }) {
  const isCredit = transfer.direction === 'credit';
  const [, other = transfer.other_account_id] = transfer.other_account_id.split(':');
  return (
    <li>
      <span className="mono text-muted">{formatClock(transfer.committed_at)}</span>
      <span className="truncate text-muted">
        {KINDS[transfer.kind] ?? transfer.kind} {isCredit ? 'from' : 'to'} {other}
      </span>
      <span>{formatMoney(`${isCredit ? '' : '-'}${transfer.amount_minor}`, transfer.currency)}</span>
    </li>
  );
}
