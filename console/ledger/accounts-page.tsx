import { useMemo } from 'react';
import type { Balance } from '@trancendos/contracts/balance';
import type { BalanceList, LedgerAccount, LedgerAccountPage } from '@trancendos/contracts/ledger';
import { useApi, useMessages, useNavigate, useSearch } from '@trancendos/shell-api';
import { Button, DataTable, formatDayClock, formatMoney, Panel, Select, type Column } from '@trancendos/ui';
import { apiPath } from './api-path.ts';
import { LedgerFrame } from './ledger-frame.tsx';
import { LEDGER_MESSAGES } from './messages.ts';
import { Pager } from './pager.tsx';
import { nameAccountKind } from './name-account-kind.ts';
import { AccountName, AccountStatusBadge, balanceOf, heldOf } from './show-account.tsx';
import { TotalsStrip } from './totals-strip.tsx';
import { usePages } from './use-pages.ts';

const KINDS = ['customer', 'merchant', 'fee', 'clearing', 'settlement', 'funding'] as const;
const LIVE_EVERY_MS = 1_000;

/** `/ledger`: the accounts with their balances as they move. */
export function AccountsPage() {
  const text = useMessages(LEDGER_MESSAGES);
  const [search, setSearch] = useSearch();
  const navigate = useNavigate();
  const kind = KINDS.find((known) => known === search.get('kind'));
  const pages = usePages(kind ?? '');
  const { state, retry } = useApi<LedgerAccountPage>(apiPath('accounts', { kind, cursor: pages.cursor }));
  const filter = (
    <Select
      label={text.kind}
      value={kind ?? 'all'}
      onValue={(next) => setSearch({ kind: next === 'all' ? undefined : next })}
      options={[{ value: 'all', label: text.all }, ...KINDS.map((value) => ({ value, label: nameAccountKind(value) }))]}
    />
  );
  return (
    <LedgerFrame actions={filter}>
      <TotalsStrip />
      <Panel
        state={state}
        onRetry={retry}
        isEmpty={({ accounts }) => accounts.length === 0}
        empty={{
          title: text.noAccounts,
          text: text.noAccountsText,
          action: kind && <Button onClick={() => setSearch({ kind: undefined })}>{text.showAll}</Button>,
        }}
      >
        {({ accounts, next_cursor }) => (
          <>
            <AccountTable accounts={accounts} onOpen={({ account_id }) => navigate(`/ledger/accounts/${encodeURIComponent(account_id)}`)} />
            <Pager pages={pages} nextCursor={next_cursor} />
          </>
        )}
      </Panel>
    </LedgerFrame>
  );
}

/** The newest counters of the accounts on screen, over what the page came with. */
function AccountTable({ accounts, onOpen }: { readonly accounts: readonly LedgerAccount[]; readonly onOpen: (account: Balance) => void }) {
  const text = useMessages(LEDGER_MESSAGES);
  const query = useMemo(() => accounts.map(({ account_id }) => `account_id=${encodeURIComponent(account_id)}`).join('&'), [accounts]);
  const { state } = useApi<BalanceList>(`/api/ledger/v1/balances?${query}`, { everyMs: LIVE_EVERY_MS });
  const newest = state.kind === 'ready' ? state.data.balances : undefined;
  const rows = useMemo(() => {
    const byId = new Map(newest?.map((balance) => [balance.account_id, balance]));
    return accounts.map((account): Balance => {
      const live = byId.get(account.account_id);
      return live && live.version > account.version ? live : account;
    });
  }, [accounts, newest]);
  return <DataTable caption={text.accounts} columns={useColumns()} rows={rows} rowKey={({ account_id }) => account_id} onOpen={onOpen} />;
}

function useColumns(): readonly Column<Balance>[] {
  const text = useMessages(LEDGER_MESSAGES);
  return useMemo(
    () => [
      {
        id: 'account',
        title: text.account,
        cell: ({ account_id }) => <AccountName id={account_id} />,
        sortBy: ({ account_id }) => account_id,
      },
      {
        id: 'balance',
        title: text.balance,
        align: 'end',
        width: '160px',
        cell: (row) => (
          <b className="font-medium" data-balance={row.account_id}>
            {formatMoney(balanceOf(row), row.currency)}
          </b>
        ),
        sortBy: (row) => BigInt(balanceOf(row)),
      },
      {
        id: 'held',
        title: text.pending,
        align: 'end',
        width: '140px',
        cell: (row) => (heldOf(row) === '0' ? <span className="text-muted">–</span> : formatMoney(heldOf(row), row.currency)),
        sortBy: (row) => BigInt(heldOf(row)),
      },
      {
        id: 'available',
        title: text.available,
        align: 'end',
        width: '160px',
        cell: ({ available, currency }) =>
          available === null ? <span className="text-muted">{text.unlimited}</span> : formatMoney(available, currency),
        sortBy: ({ available }) => (available === null ? 0n : BigInt(available)),
      },
      { id: 'status', title: text.status, width: '120px', cell: ({ status }) => <AccountStatusBadge status={status} /> },
      {
        id: 'changed',
        title: text.changed,
        align: 'end',
        width: '190px',
        cell: ({ committed_at }) => <span className="mono text-muted">{formatDayClock(committed_at)}</span>,
        sortBy: ({ committed_at }) => committed_at,
      },
    ],
    [text],
  );
}
