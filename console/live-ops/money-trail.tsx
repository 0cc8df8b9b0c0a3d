import type { LedgerHold, LedgerTransfer, MoneyTrail as Trail } from '@trancendos/contracts/ledger';
import type { Outcome } from '@trancendos/contracts/outcome';
import { Link, useApi, useMessages } from '@trancendos/shell-api';
import { formatDayClock, formatDuration, formatMoney, Panel, useNow } from '@trancendos/ui';
import { TRANSACTION_MESSAGES } from './transaction-messages.ts';

const EVERY_MS = 2_000;

/** What the payment has done to money, from its decision on: every transfer, and how its hold stands at this moment. */
export function MoneyTrail({ outcome }: { readonly outcome: Outcome }) {
  const text = useMessages(TRANSACTION_MESSAGES);
  const { merchant_id, transaction_id } = outcome.transaction;
  const { state, retry } = useApi<Trail>(
    `/api/ledger/v1/transactions/${encodeURIComponent(merchant_id)}/${encodeURIComponent(transaction_id)}/trail`,
    { everyMs: EVERY_MS },
  );
  if (state.kind === 'failed' && state.isMissing)
    return (
      <section className="archive-part" aria-label={text.money}>
        <h2>{text.money}</h2>
        <p className="second">{text.noTrail}</p>
      </section>
    );
  return (
    <div className="archive-panel">
      <Panel title={text.money} state={state} onRetry={retry}>
        {(trail) => <Transfers trail={trail} currency={outcome.transaction.currency} />}
      </Panel>
    </div>
  );
}

function Transfers({ trail, currency }: { readonly trail: Trail; readonly currency: LedgerTransfer['currency'] }) {
  const text = useMessages(TRANSACTION_MESSAGES);
  if (trail.transfers.length === 0) return <p className="second">{text.noMoney}</p>;
  return (
    <>
      {trail.hold && <Hold hold={trail.hold} />}
      <ol className="archive-trail num">
        {trail.transfers.map((transfer) => (
          <Transfer key={transfer.transfer_id} transfer={transfer} />
        ))}
      </ol>
      <div className="archive-settled num">
        <span>{text.settled}</span>
        <b>{formatMoney(trail.settled_minor, currency)}</b>
      </div>
    </>
  );
}

function Hold({ hold }: { readonly hold: LedgerHold }) {
  const text = useMessages(TRANSACTION_MESSAGES);
  const nowMs = useNow(1_000);
  const isOpen = hold.status === 'open';
  return (
    <p className="archive-hold num" data-tone={isOpen ? 'warn' : undefined}>
      <b>
        {text.holdState} {text[hold.status]}
      </b>
      {isOpen && <span>{text.remaining(formatMoney(hold.remaining_minor, hold.currency))}</span>}
      {isOpen && <span>{text.expiresIn(formatDuration(Date.parse(hold.expires_at) - nowMs))}</span>}
    </p>
  );
}

function Transfer({ transfer }: { readonly transfer: LedgerTransfer }) {
  const text = useMessages(TRANSACTION_MESSAGES);
  const { transfer_id, kind, amount_minor, currency, committed_at, debit, credit } = transfer;
  const onlyReserves = kind === 'hold' || kind === 'void' || kind === 'expire';
  return (
    <li>
      <div className="archive-trail-line">
        <b>{text[kind]}</b>
        <span className={onlyReserves ? 'text-muted' : undefined}>
          {onlyReserves ? `(${formatMoney(amount_minor, currency)})` : formatMoney(amount_minor, currency)}
        </span>
      </div>
      <div className="second">
        <AccountLink id={debit.account_id} /> → <AccountLink id={credit.account_id} />
      </div>
      <div className="archive-trail-line second">
        <Link className="archive-link mono" href={`/ledger/journal?transfer=${transfer_id}`}>
          {transfer_id}
        </Link>
        <span className="mono">{formatDayClock(committed_at)}</span>
      </div>
    </li>
  );
}

/** `customer:ACC-1:EUR` as its holder. */
function AccountLink({ id }: { readonly id: string }) {
  return (
    <Link className="archive-link" href={`/ledger/accounts/${encodeURIComponent(id)}`} title={id}>
      {id.split(':').slice(1, -1).join(':')}
    </Link>
  );
}
