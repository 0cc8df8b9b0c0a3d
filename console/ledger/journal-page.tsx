import { useMemo } from 'react';
import type { LedgerTransfer, LedgerTransferPage } from '@trancendos/contracts/ledger';
import type { TransferKind } from '@trancendos/contracts/transfer';
import { useApi, useMessages, useSearch } from '@trancendos/shell-api';
import { Button, formatCount, formatDayClock, formatMoney, Panel, Select, Table, type Column } from '@trancendos/ui';
import { apiPath } from './api-path.ts';
import { LedgerFrame } from './ledger-frame.tsx';
import { LEDGER_MESSAGES } from './messages.ts';
import { Pager } from './pager.tsx';
import { AccountName } from './show-account.tsx';
import { TotalsStrip } from './totals-strip.tsx';
import { TransferDrawer } from './transfer-drawer.tsx';
import { usePages } from './use-pages.ts';

const KINDS = ['post', 'hold', 'capture', 'void', 'expire', 'reversal', 'fee', 'opening'] as const satisfies readonly TransferKind[];
const FIRST_PAGE_EVERY_MS = 2_000;

/** `/ledger/journal`: every transfer, newest first; `?transfer=` opens one of them. */
export function JournalPage() {
  const text = useMessages(LEDGER_MESSAGES);
  const [search, setSearch] = useSearch();
  const kind = KINDS.find((known) => known === search.get('kind'));
  const pages = usePages(kind ?? '');
  const every = pages.isFirst ? { everyMs: FIRST_PAGE_EVERY_MS } : {};
  const { state, retry } = useApi<LedgerTransferPage>(apiPath('transfers', { kind, cursor: pages.cursor }), every);
  const openId = search.get('transfer') ?? undefined;
  const filter = (
    <Select
      label={text.kind}
      value={kind ?? 'all'}
      onValue={(next) => setSearch({ kind: next === 'all' ? undefined : next })}
      options={[{ value: 'all', label: text.all }, ...KINDS.map((value) => ({ value, label: text[value] }))]}
    />
  );
  return (
    <LedgerFrame actions={filter}>
      <TotalsStrip />
      <Panel
        state={state}
        onRetry={retry}
        isEmpty={({ transfers, next_cursor }) => transfers.length === 0 && next_cursor === null}
        empty={{
          title: text.noTransfers,
          text: text.noTransfersText,
          action: kind && <Button onClick={() => setSearch({ kind: undefined })}>{text.showAll}</Button>,
        }}
      >
        {({ transfers, next_cursor }) => (
          <>
            <TransferTable transfers={transfers} openId={openId} onOpen={(transfer) => setSearch({ transfer })} />
            <Pager pages={pages} nextCursor={next_cursor} />
          </>
        )}
      </Panel>
      {openId !== undefined && <TransferDrawer key={openId} transferId={openId} onClose={() => setSearch({ transfer: undefined })} />}
    </LedgerFrame>
  );
}

interface TransferTableProps {
  readonly transfers: readonly LedgerTransfer[];
  readonly openId: string | undefined;
  readonly onOpen: (transferId: string) => void;
}

function TransferTable({ transfers, openId, onOpen }: TransferTableProps) {
  const text = useMessages(LEDGER_MESSAGES);
  const columns = useMemo(
    (): readonly Column<LedgerTransfer>[] => [
      {
        id: 'time',
        title: text.time,
        width: '180px',
        cell: ({ committed_at }) => <span className="mono">{formatDayClock(committed_at)}</span>,
      },
      { id: 'seq', title: text.ledgerSeq, align: 'end', width: '130px', cell: ({ ledger_seq }) => formatCount(ledger_seq) },
      { id: 'kind', title: text.transfer, width: '120px', cell: ({ kind }) => text[kind] },
      { id: 'debit', title: text.debit, cell: ({ debit }) => <AccountName id={debit.account_id} /> },
      { id: 'credit', title: text.credit, cell: ({ credit }) => <AccountName id={credit.account_id} /> },
      {
        id: 'amount',
        title: text.amount,
        align: 'end',
        width: '140px',
        cell: ({ amount_minor, currency }) => <b className="font-medium">{formatMoney(amount_minor, currency)}</b>,
      },
      {
        id: 'actor',
        title: text.decidedBy,
        align: 'end',
        width: '110px',
        cell: ({ cause }) => <span className="text-muted">{cause.actor}</span>,
      },
    ],
    [text],
  );
  return (
    <Table
      caption={text.journal}
      columns={columns}
      rows={transfers}
      rowKey={({ transfer_id }) => transfer_id}
      selectedKey={openId}
      onOpen={({ transfer_id }) => onOpen(transfer_id)}
    />
  );
}
