import type { Balance } from '@trancendos/contracts/balance';
import type { Currency } from '@trancendos/contracts/money';
import type { FeedItem } from '@trancendos/contracts/socket';
import { useEffect, useState } from 'react';
import { formatClock, formatMoney, useCell } from '@trancendos/ui';
import { fetchTransfers, type FetchedTransfers, type TransferLine } from './fetch-transfers.ts';
import { useLiveSession } from './live-session.ts';
import { nameAccounts } from './name-accounts.ts';

const LINES_MAX = 4;
const REFETCH_MS = 2_000;

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
      {(balance ? describePending(balance) : ['no account yet']).map((line) => (
        <span key={line} className="second">
          {line}
        </span>
      ))}
    </div>
  );
}

/** What the account has: credits less debits that are posted. A spending limit, where there is one, is told apart. */
function balanceOf({ credits_posted, debits_posted }: Balance): string {
  return String(BigInt(credits_posted) - BigInt(debits_posted));
}

function describePending({ available, debits_pending, credits_pending, currency }: Balance): string[] {
  const parts: string[] = [];
  if (available !== null) parts.push(`${formatMoney(available, currency)} available`);
  if (debits_pending !== '0') parts.push(`${formatMoney(debits_pending, currency)} held`);
  if (credits_pending !== '0') parts.push(`${formatMoney(credits_pending, currency)} incoming`);
  return parts.length === 0 ? ['nothing pending'] : parts;
}

function Transfers({ accountId, title }: { readonly accountId: string; readonly title: string }) {
  const { current } = useLiveSession().balances;
  const [fetched, setFetched] = useState<FetchedTransfers>();
  useEffect(() => {
    const abort = new AbortController();
    let shown: number | undefined;
    let isAsking = false;
    // A busy account changes many times a second: its statement is read again at most every other second, and only where it has changed.
    const refresh = async () => {
      const version = current.get().get(accountId)?.version ?? 0;
      if (isAsking || version === shown) return;
      isAsking = true;
      const answer = await fetchTransfers(accountId, LINES_MAX, abort.signal);
      isAsking = false;
      if (abort.signal.aborted) return;
      setFetched(answer);
      shown = answer.kind === 'away' ? undefined : version;
    };
    void refresh();
    const timer = setInterval(() => void refresh(), REFETCH_MS);
    return () => {
      clearInterval(timer);
      abort.abort();
    };
  }, [accountId, current]);
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
      {fetched.transfers.map((transfer) => (
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
