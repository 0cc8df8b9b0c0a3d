import { useMemo } from 'react';
import type { DecisionLine } from '@trancendos/contracts/archive';
import { useMessages, useNavigate } from '@trancendos/shell-api';
import { formatDayClock, formatMoney, Table, type Column } from '@trancendos/ui';
import { nameReason } from '../wording/name-reason.ts';
import { ARCHIVE_MESSAGES } from './archive-messages.ts';
import { transactionHref } from './archive-path.ts';
import { DecisionLabel, toneOf } from './decision-label.tsx';
import { EntityLink } from './entity-link.tsx';
import { LabelBadge } from './label-badge.tsx';

export type DecisionColumn = 'payer' | 'merchant' | 'terminal' | 'why';

export interface DecisionTableProps {
  readonly caption: string;
  readonly decisions: readonly DecisionLine[];
  /** Columns that are left out, as those that would say the same in every row. */
  readonly without?: readonly DecisionColumn[];
  /** Decision id of the row that stands out. */
  readonly selectedId?: string;
}

/** Archived decisions as rows that lead to their payment's page. */
export function DecisionTable({ caption, decisions, without, selectedId }: DecisionTableProps) {
  const navigate = useNavigate();
  const columns = useColumns();
  return (
    <Table
      caption={caption}
      columns={columns.filter(({ id }) => !without?.some((column) => column === id))}
      rows={decisions}
      rowKey={({ decision_id }) => decision_id}
      selectedKey={selectedId}
      onOpen={(line) => navigate(transactionHref(line))}
    />
  );
}

function useColumns(): readonly Column<DecisionLine>[] {
  const text = useMessages(ARCHIVE_MESSAGES);
  return useMemo(
    () => [
      {
        id: 'time',
        title: text.time,
        width: '132px',
        cell: ({ committed_at }) => (
          <time className="mono text-muted" dateTime={committed_at} title={committed_at}>
            {formatDayClock(committed_at).slice('2026-'.length)}
          </time>
        ),
      },
      {
        id: 'score',
        title: text.score,
        width: '96px',
        cell: ({ score, action }) => (score === null ? '–' : <ScoreCell score={score} tone={toneOf(action)} />),
      },
      {
        id: 'amount',
        title: text.amount,
        align: 'end',
        width: '112px',
        cell: ({ amount_minor, currency }) => <b className="font-medium">{formatMoney(amount_minor, currency)}</b>,
      },
      { id: 'decision', title: text.decision, width: '108px', cell: ({ action }) => <DecisionLabel action={action} /> },
      { id: 'payer', title: text.payer, cell: (line) => <PayerLink line={line} /> },
      { id: 'merchant', title: text.merchant, cell: ({ merchant_id }) => <EntityLink type="merchant" id={merchant_id} /> },
      {
        id: 'terminal',
        title: text.terminal,
        cell: ({ terminal_id }) => (terminal_id === null ? '–' : <EntityLink type="terminal" id={terminal_id} />),
      },
      {
        id: 'why',
        title: text.why,
        cell: ({ reasons: [strongest] }) => <span className="text-muted">{strongest === undefined ? '–' : nameReason(strongest)}</span>,
      },
      {
        id: 'label',
        title: text.label,
        width: '132px',
        cell: ({ label }) => (label ? <LabelBadge label={label} /> : <span className="text-muted">–</span>),
      },
    ],
    [text],
  );
}

function PayerLink({ line: { account_id, card_token } }: { readonly line: DecisionLine }) {
  if (account_id !== null) return <EntityLink type="account" id={account_id} />;
  return card_token === null ? '–' : <EntityLink type="card" id={card_token} />;
}

function ScoreCell({ score, tone }: { readonly score: number; readonly tone: 'ok' | 'warn' | 'bad' }) {
  return (
    <span className="score num" data-tone={tone}>
      <i aria-hidden style={{ backgroundSize: `${score / 10}% 100%` }} />
      <b>{score}</b>
    </span>
  );
}
