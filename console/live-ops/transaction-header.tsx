import { BookOpen, Printer, TriangleAlert } from 'lucide-react';
import type { ArchivedDecision } from '@trancendos/contracts/archive';
import { Link, useMessages } from '@trancendos/shell-api';
import { Badge, Button, formatClockMs, formatCount, formatDay, formatMoney, StaleBadge } from '@trancendos/ui';
import { ARCHIVE_MESSAGES } from './archive-messages.ts';
import { CopyId } from './copy-id.tsx';
import { DecisionLabel } from './decision-label.tsx';
import { EntityLink } from './entity-link.tsx';
import { LabelBadge } from './label-badge.tsx';
import { TRANSACTION_MESSAGES } from './transaction-messages.ts';

export interface TransactionHeaderProps {
  readonly archived: ArchivedDecision;
  /** When what is shown was read, where it could not be read anew. */
  readonly staleAtMs: number | undefined;
}

/** What the payment is: how much, what became of it, who and when. */
export function TransactionHeader({ archived, staleAtMs }: TransactionHeaderProps) {
  const text = useMessages(TRANSACTION_MESSAGES);
  const { outcome, label } = archived;
  const { transaction, action, actor, degraded } = outcome;
  return (
    <header className="archive-head">
      <div className="archive-head-top">
        <h2 className="archive-amount num">{formatMoney(transaction.amount_minor, transaction.currency)}</h2>
        <DecisionLabel action={action} />
        {label && <LabelBadge label={label} />}
        {actor !== 'luminous' && <Badge tone="accent">{actor === 'policy' ? text.byPolicy : text.bySandbox}</Badge>}
        {degraded && (
          <Badge tone="warn">
            <TriangleAlert className="icon" aria-hidden /> {text.degraded}
          </Badge>
        )}
        {staleAtMs !== undefined && <StaleBadge atMs={staleAtMs} />}
        <Actions archived={archived} />
      </div>
      <div className="archive-ids">
        <CopyId id={transaction.transaction_id} what={text.transactionId} />
        <CopyId id={outcome.decision_id} what={text.decisionId} />
      </div>
      <Who archived={archived} />
    </header>
  );
}

function Actions({ archived: { outcome } }: { readonly archived: ArchivedDecision }) {
  const text = useMessages(TRANSACTION_MESSAGES);
  const transferId = outcome.money.transfer_id;
  return (
    <div className="archive-actions">
      {transferId !== null && (
        <Link className="button" href={`/ledger/journal?transfer=${transferId}`}>
          <BookOpen className="icon" aria-hidden /> {text.inLedger}
        </Link>
      )}
      <Button onClick={() => window.print()}>
        <Printer className="icon" aria-hidden /> {text.print}
      </Button>
    </div>
  );
}

function Who({ archived: { outcome } }: { readonly archived: ArchivedDecision }) {
  const text = useMessages(TRANSACTION_MESSAGES);
  const shared = useMessages(ARCHIVE_MESSAGES);
  const { transaction, committed_at, ledger_seq } = outcome;
  const { account_id, card_token } = transaction.payer;
  return (
    <dl className="archive-who num">
      {account_id !== undefined && <Fact name={shared.account} value={<EntityLink type="account" id={account_id} />} />}
      {card_token !== undefined && <Fact name={shared.card} value={<EntityLink type="card" id={card_token} />} />}
      <Fact name={shared.merchant} value={<EntityLink type="merchant" id={transaction.merchant_id} />} />
      {transaction.terminal_id !== undefined && (
        <Fact name={shared.terminal} value={<EntityLink type="terminal" id={transaction.terminal_id} />} />
      )}
      <Fact name={text.occurred} value={<Moment at={transaction.occurred_at} />} />
      <Fact name={text.decided} value={<Moment at={committed_at} second={text.seq(formatCount(ledger_seq))} />} />
    </dl>
  );
}

function Fact({ name, value }: { readonly name: string; readonly value: React.ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

/** In the reader's time zone; in UTC when the pointer rests on it. */
function Moment({ at, second }: { readonly at: string; readonly second?: string }) {
  return (
    <time dateTime={at} title={at}>
      {formatClockMs(at)} <small>{second ?? formatDay(at)}</small>
    </time>
  );
}
