import type { Balance } from '@trancendos/contracts/balance';
import type { Currency } from '@trancendos/contracts/money';
import type { FeedItem } from '@trancendos/contracts/socket';
import { useEffect, useState } from 'react';
import { messagesOf, useMessages } from '@trancendos/shell-api';
import { formatClock, formatMoney, useCell } from '@trancendos/ui';
import { DRAWER_MESSAGES } from './drawer-messages.ts';
import { fetchTransfers, type FetchedTransfers, type TransferLine } from './fetch-transfers.ts';
import { useLiveSession } from './live-session.ts';
import { nameAccounts } from './name-accounts.ts';
import { TRANSACTION_MESSAGES } from './transaction-messages.ts';

const LINES_MAX = 4;
const REFETCH_MS = 2_000;

interface AccountProps {
  readonly accountId: string;
  readonly title: string;
  readonly currency: Currency;
}

/** Both sides' balances as they move. While it is on screen the gateway sends every change of the two accounts. */
export function AccountBalances({ item }: { readonly item: FeedItem }) {
  const text = useMessages(DRAWER_MESSAGES);
  const session = useLiveSession();
  const { payer, merchant } = nameAccounts(item);
  useEffect(() => session.accounts.follow([payer, merchant]), [session, payer, merchant]);
  return (
    <section>
      <h3>{text.balances}</h3>
      <div className="accounts num">
        <Account accountId={payer} title={item.payer.account_id ?? text.cards} currency={item.currency} />
        <Account accountId={merchant} title={item.merchant_id} currency={item.currency} />
      </div>
    </section>
  );
}

/** The newest transfers of both sides. */
export function AccountTransfers({ item }: { readonly item: FeedItem }) {
  const text = useMessages(DRAWER_MESSAGES);
  const { payer, merchant } = nameAccounts(item);
  return (
    <>
      <Transfers accountId={payer} title={item.payer.account_id ?? text.cards} />
      <Transfers accountId={merchant} title={item.merchant_id} />
    </>
  );
}

function Account({ accountId, title, currency }: AccountProps) {
  const text = useMessages(DRAWER_MESSAGES);
  const balance = useCell(useLiveSession().balances.current).get(accountId);
  return (
    <div className="account" title={accountId}>
      <span className="second">{title}</span>
      <b data-balance={accountId}>{balance ? formatMoney(balanceOf(balance), currency) : '–'}</b>
      {(balance ? describePending(balance) : [text.noAccount]).map((line) => (
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
  const text = messagesOf(DRAWER_MESSAGES);
  const parts: string[] = [];
  if (available !== null) parts.push(text.available(formatMoney(available, currency)));
  if (debits_pending !== '0') parts.push(text.heldAmount(formatMoney(debits_pending, currency)));
  if (credits_pending !== '0') parts.push(text.incoming(formatMoney(credits_pending, currency)));
  return parts.length === 0 ? [text.nothingPending] : parts;
}

function Transfers({ accountId, title }: { readonly accountId: string; readonly title: string }) {
  const text = useMessages(DRAWER_MESSAGES);
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
      <h3>{text.lastTransfers(title)}</h3>
      <TransferList fetched={fetched} />
    </section>
  );
}

function TransferList({ fetched }: { readonly fetched: FetchedTransfers | undefined }) {
  const text = useMessages(DRAWER_MESSAGES);
  if (!fetched) return <div className="skeleton appear-late h-3 w-48" aria-hidden />;
  if (fetched.kind === 'away') return <div className="second">{text.transfersAway}</div>;
  if (fetched.kind === 'none' || fetched.transfers.length === 0) return <div className="second">{text.noneYet}</div>;
  return (
    <ul className="transfers num">
      {fetched.transfers.map((transfer) => (
        <Transfer key={transfer.transfer_id} transfer={transfer} />
      ))}
    </ul>
  );
}

function Transfer({ transfer }: { readonly transfer: TransferLine }) {
  const text = useMessages(DRAWER_MESSAGES);
  const isCredit = transfer.direction === 'credit';
  const [, other = transfer.other_account_id] = transfer.other_account_id.split(':');
  return (
    <li>
      <span className="mono text-muted">{formatClock(transfer.committed_at)}</span>
      <span className="truncate text-muted">{describeTransfer(text, transfer.kind, other, isCredit)}</span>
      <span>{formatMoney(`${isCredit ? '' : '-'}${transfer.amount_minor}`, transfer.currency)}</span>
    </li>
  );
}

type DrawerText = ReturnType<typeof messagesOf<(typeof DRAWER_MESSAGES)['en']>>;

function describeTransfer(text: DrawerText, kind: TransferLine['kind'], other: string, isCredit: boolean): string {
  if (kind === 'post') return text.paid(other, isCredit);
  if (kind === 'hold') return text.heldFor(other, isCredit);
  if (kind === 'opening') return text.opening(other);
  return text.otherKind(messagesOf(TRANSACTION_MESSAGES)[kind], other, isCredit);
}
