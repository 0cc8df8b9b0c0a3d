import { useMemo } from 'react';
import type { LedgerHold, LedgerHoldPage } from '@trancendos/contracts/ledger';
import { useApi, useMessages, useNavigate } from '@trancendos/shell-api';
import { DataTable, formatCount, formatDuration, formatMoney, Panel, useNow, type Column } from '@trancendos/ui';
import { apiPath } from './api-path.ts';
import { LedgerFrame } from './ledger-frame.tsx';
import { LEDGER_MESSAGES } from './messages.ts';
import { Pager } from './pager.tsx';
import { AccountName } from './show-account.tsx';
import { TotalsStrip } from './totals-strip.tsx';
import { usePages } from './use-pages.ts';

const LIMIT = '200';
const EVERY_MS = 5_000;
const HOUR_MS = 3_600_000;
const BUCKETS = [
  { key: 'underHour', untilMs: HOUR_MS, strength: 35 },
  { key: 'underSix', untilMs: 6 * HOUR_MS, strength: 55 },
  { key: 'underDay', untilMs: 24 * HOUR_MS, strength: 78 },
  { key: 'overDay', untilMs: Infinity, strength: 100 },
] as const;

/** `/ledger/holds`: money that is reserved, for how long already and until when. */
export function HoldsPage() {
  const text = useMessages(LEDGER_MESSAGES);
  const pages = usePages('');
  const { state, retry } = useApi<LedgerHoldPage>(apiPath('holds', { limit: LIMIT, cursor: pages.cursor }), { everyMs: EVERY_MS });
  return (
    <LedgerFrame>
      <TotalsStrip />
      <Panel
        state={state}
        onRetry={retry}
        isEmpty={({ holds }) => holds.length === 0}
        empty={{ title: text.noHolds, text: text.noHoldsText }}
      >
        {({ holds, next_cursor }) => (
          <>
            <Ageing holds={holds} isWhole={pages.isFirst && next_cursor === null} />
            <HoldTable holds={holds} />
            <Pager pages={pages} nextCursor={next_cursor} />
          </>
        )}
      </Panel>
    </LedgerFrame>
  );
}

/** How old the holds on this page are. */
function Ageing({ holds, isWhole }: { readonly holds: readonly LedgerHold[]; readonly isWhole: boolean }) {
  const text = useMessages(LEDGER_MESSAGES);
  const nowMs = useNow(5_000);
  const groups = Map.groupBy(holds, ({ placed_at }) => BUCKETS.find(({ untilMs }) => nowMs - Date.parse(placed_at) < untilMs)?.key);
  const buckets = BUCKETS.map((bucket) => ({ ...bucket, count: groups.get(bucket.key)?.length ?? 0 }));
  const fill = (strength: number) => ({ background: `color-mix(in oklch, var(--accent) ${strength}%, var(--line))` });
  return (
    <section className="ledger-ages" aria-label={text.ageing}>
      <div>
        <b className="font-semibold">{text.ageing}</b>{' '}
        {!isWhole && <span className="second">{text.firstHolds(formatCount(holds.length))}</span>}
      </div>
      <div className="ledger-age-bar" aria-hidden>
        {buckets
          .filter(({ count }) => count > 0)
          .map(({ key, count, strength }) => (
            <i key={key} style={{ flexGrow: count, ...fill(strength) }} />
          ))}
      </div>
      <div className="ledger-age-legend num">
        {buckets.map(({ key, count, strength }) => (
          <span key={key}>
            <i className="ledger-swatch" style={fill(strength)} aria-hidden />
            <b>{formatCount(count)}</b> {text[key]}
          </span>
        ))}
      </div>
    </section>
  );
}

function HoldTable({ holds }: { readonly holds: readonly LedgerHold[] }) {
  const text = useMessages(LEDGER_MESSAGES);
  const navigate = useNavigate();
  const nowMs = useNow(5_000);
  const columns = useMemo(
    (): readonly Column<LedgerHold>[] => [
      {
        id: 'age',
        title: text.holdAge,
        width: '120px',
        cell: ({ placed_at }) => formatDuration(nowMs - Date.parse(placed_at)),
        sortBy: ({ placed_at }) => -Date.parse(placed_at),
      },
      {
        id: 'expires',
        title: text.expires,
        width: '130px',
        cell: ({ expires_at }) => (Date.parse(expires_at) <= nowMs ? text.expired : formatDuration(Date.parse(expires_at) - nowMs)),
        sortBy: ({ expires_at }) => expires_at,
      },
      { id: 'from', title: text.from, cell: ({ debit_account_id }) => <AccountName id={debit_account_id} /> },
      { id: 'to', title: text.to, cell: ({ credit_account_id }) => <AccountName id={credit_account_id} /> },
      {
        id: 'transaction',
        title: text.transaction,
        cell: ({ transaction_id }) => <span className="mono text-muted">{transaction_id ?? '–'}</span>,
      },
      {
        id: 'remaining',
        title: text.remaining,
        align: 'end',
        width: '140px',
        cell: ({ remaining_minor, currency }) => <b className="font-medium">{formatMoney(remaining_minor, currency)}</b>,
        sortBy: ({ remaining_minor }) => BigInt(remaining_minor),
      },
    ],
    [text, nowMs],
  );
  return (
    <DataTable
      caption={text.holds}
      columns={columns}
      rows={holds}
      rowKey={({ hold_id }) => hold_id}
      onOpen={({ hold_id }) => navigate(`/ledger/journal?transfer=${hold_id}`)}
    />
  );
}
