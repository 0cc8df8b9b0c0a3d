import { Download } from 'lucide-react';
import { useMemo } from 'react';
import type { BalanceList, LedgerAccount, StatementLine, StatementPage } from '@trancendos/contracts/ledger';
import { useApi, useCan, useMessages, useNavigate, useParams } from '@trancendos/shell-api';
import {
  Button,
  ChartFrame,
  formatClock,
  formatCount,
  formatDayClock,
  formatMoney,
  Panel,
  StatStrip,
  StatTile,
  Table,
  type Column,
} from '@trancendos/ui';
import { AccountTerms } from './account-terms.tsx';
import { apiPath } from './api-path.ts';
import { LedgerFrame } from './ledger-frame.tsx';
import { LEDGER_MESSAGES } from './messages.ts';
import { Pager } from './pager.tsx';
import { AccountName, AccountStatusBadge, balanceOf, heldOf } from './show-account.tsx';
import { usePages } from './use-pages.ts';

const LIVE_EVERY_MS = 1_000;
const FIRST_PAGE_EVERY_MS = 5_000;

/** `/ledger/accounts/:id`: one account, what it may do, and how it came to its balance. */
export function AccountPage() {
  const { id = '' } = useParams();
  const place = `accounts/${encodeURIComponent(id)}`;
  const { state, retry } = useApi<LedgerAccount>(apiPath(place));
  return (
    <LedgerFrame actions={<ExportButton place={place} />}>
      <Panel state={state} onRetry={retry}>
        {(account) => (
          <>
            <AccountStats account={account} />
            <div className="ledger-columns">
              <Statement account={account} place={place} />
              <AccountTerms account={account} />
            </div>
          </>
        )}
      </Panel>
    </LedgerFrame>
  );
}

function ExportButton({ place }: { readonly place: string }) {
  const text = useMessages(LEDGER_MESSAGES);
  const isAllowed = useCan('ledger:export');
  return (
    <Button
      disabledReason={isAllowed ? undefined : text.exportDenied}
      onClick={() => location.assign(apiPath(`${place}/statement`, { format: 'csv' }))}
    >
      <Download className="icon" aria-hidden /> {text.export}
    </Button>
  );
}

function AccountStats({ account }: { readonly account: LedgerAccount }) {
  const text = useMessages(LEDGER_MESSAGES);
  const { state } = useApi<BalanceList>(apiPath('balances', { account_id: account.account_id }), { everyMs: LIVE_EVERY_MS });
  const live = state.kind === 'ready' ? state.data.balances[0] : undefined;
  const shown = live && live.version > account.version ? live : account;
  const { currency, available, overdraft } = shown;
  return (
    <StatStrip label={account.account_id}>
      <StatTile
        label={text.account}
        value={<AccountName id={account.account_id} />}
        second={<AccountStatusBadge status={shown.status} />}
      />
      <StatTile label={text.balance} value={formatMoney(balanceOf(shown), currency)} second={formatDayClock(shown.committed_at)} />
      <StatTile
        label={text.pending}
        value={formatMoney(heldOf(shown), currency)}
        second={`${text.version} ${formatCount(shown.version)}`}
      />
      <StatTile
        label={text.available}
        value={available === null ? text.unlimited : formatMoney(available, currency)}
        second={overdraft !== null && `${text.overdraft} ${formatMoney(overdraft, currency)}`}
      />
    </StatStrip>
  );
}

function Statement({ account, place }: { readonly account: LedgerAccount; readonly place: string }) {
  const text = useMessages(LEDGER_MESSAGES);
  const pages = usePages(account.account_id);
  const every = pages.isFirst ? { everyMs: FIRST_PAGE_EVERY_MS } : {};
  const { state, retry } = useApi<StatementPage>(apiPath(`${place}/statement`, { cursor: pages.cursor }), every);
  return (
    <div className="ledger-main">
      <Panel
        title={text.statement}
        state={state}
        onRetry={retry}
        isEmpty={({ transfers }) => transfers.length === 0}
        empty={{ title: text.noLines, text: text.noLinesText }}
      >
        {({ transfers, next_cursor }) => (
          <>
            <BalanceChart lines={transfers} account={account} />
            <StatementTable lines={transfers} />
            <Pager pages={pages} nextCursor={next_cursor} />
          </>
        )}
      </Panel>
    </div>
  );
}

function BalanceChart({ lines, account }: { readonly lines: readonly StatementLine[]; readonly account: LedgerAccount }) {
  const text = useMessages(LEDGER_MESSAGES);
  const { currency } = account;
  const { timesMs, series } = useMemo(() => {
    const oldestFirst = [...lines].reverse();
    const values = oldestFirst.map(({ after }) => Number(balanceOf(after)));
    return {
      timesMs: oldestFirst.map(({ committed_at }) => Date.parse(committed_at)),
      series: [{ label: text.balance, color: 'accent' as const, isStepped: true, values }],
    };
  }, [lines, text.balance]);
  const formatValue = useMemo(() => (value: number) => formatMoney(Math.round(value), currency), [currency]);
  const [first, last] = [timesMs[0], timesMs.at(-1)];
  if (first === undefined || last === undefined || lines.length < 2) return null;
  return (
    <ChartFrame
      title={text.overTime}
      summary={text.overTimeSummary(formatClock(first), formatClock(last), formatCount(lines.length))}
      timesMs={timesMs}
      series={series}
      formatValue={formatValue}
      heightPx={160}
    />
  );
}

function StatementTable({ lines }: { readonly lines: readonly StatementLine[] }) {
  const text = useMessages(LEDGER_MESSAGES);
  const navigate = useNavigate();
  const columns = useMemo(
    (): readonly Column<StatementLine>[] => [
      {
        id: 'time',
        title: text.time,
        width: '170px',
        cell: ({ committed_at }) => <span className="mono">{formatDayClock(committed_at)}</span>,
      },
      { id: 'kind', title: text.transfer, width: '110px', cell: ({ kind }) => text[kind] },
      { id: 'other', title: text.other, cell: ({ other_account_id }) => <AccountName id={other_account_id} /> },
      {
        id: 'transaction',
        title: text.transaction,
        cell: ({ transaction_id }) => <span className="mono text-muted">{transaction_id ?? '–'}</span>,
      },
      {
        id: 'amount',
        title: text.amount,
        align: 'end',
        width: '130px',
        cell: (line) => <Amount line={line} />,
      },
      {
        id: 'after',
        title: text.after,
        align: 'end',
        width: '140px',
        cell: ({ after, currency }) => <b className="font-medium">{formatMoney(balanceOf(after), currency)}</b>,
      },
    ],
    [text],
  );
  return (
    <Table
      caption={text.statement}
      columns={columns}
      rows={lines}
      rowKey={({ transfer_id, direction }) => `${transfer_id} ${direction}`}
      onOpen={({ transfer_id }) => navigate(`/ledger/journal?transfer=${transfer_id}`)}
    />
  );
}

/** With its sign where it has moved money; what only reserves or releases stands back. */
function Amount({ line }: { readonly line: StatementLine }) {
  const { kind, direction, amount_minor, currency } = line;
  if (kind === 'hold' || kind === 'void' || kind === 'expire')
    return <span className="text-muted">({formatMoney(amount_minor, currency)})</span>;
  return formatMoney(direction === 'debit' ? `-${amount_minor}` : amount_minor, currency);
}
