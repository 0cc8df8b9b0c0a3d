import type { LedgerSummary } from '@trancendos/contracts/http';
import type { InvariantReport } from '@trancendos/contracts/ledger';
import { useApi, useMessages } from '@trancendos/shell-api';
import { formatCount, formatDuration, formatMoney, StaleBadge, StatStrip, StatTile, useNow, type PanelState } from '@trancendos/ui';
import { apiPath } from './api-path.ts';
import { LEDGER_MESSAGES } from './messages.ts';
import { BalancedSignal } from './show-account.tsx';

const EVERY_MS = 2_000;
const INVARIANTS_EVERY_MS = 30_000;
const UNKNOWN = '–';

/** What the whole ledger adds up to, and whether its books hold. */
export function TotalsStrip() {
  const text = useMessages(LEDGER_MESSAGES);
  const { state } = useApi<LedgerSummary>(apiPath('summary'), { everyMs: EVERY_MS });
  return (
    <StatStrip label={text.ledger}>
      {state.kind === 'ready' ? (
        <Totals summary={state.data} staleSinceMs={state.isStale ? state.atMs : undefined} />
      ) : (
        <NoTotals state={state} />
      )}
      <Invariants />
    </StatStrip>
  );
}

function NoTotals({ state }: { readonly state: PanelState<LedgerSummary> }) {
  const text = useMessages(LEDGER_MESSAGES);
  const value = state.kind === 'loading' ? undefined : UNKNOWN;
  return [text.ledger, text.posted, text.pending].map((label) => <StatTile key={label} label={label} value={value} />);
}

/** In euros where there are any, else in the first currency. */
function Totals({ summary, staleSinceMs }: { readonly summary: LedgerSummary; readonly staleSinceMs: number | undefined }) {
  const text = useMessages(LEDGER_MESSAGES);
  const nowMs = useNow(5_000);
  const { currencies, ledger_seq, oldest_hold_at } = summary;
  const main = currencies.find(({ currency }) => currency === 'EUR') ?? currencies[0];
  const holds = main && text.holdsCount(formatCount(main.holds));
  const oldest = oldest_hold_at === null ? '' : `, ${text.oldest(formatDuration(nowMs - Date.parse(oldest_hold_at)))}`;
  return (
    <>
      <StatTile
        label={text.ledger}
        value={<BalancedSignal isBalanced={currencies.every(({ balanced }) => balanced)} />}
        second={staleSinceMs === undefined ? text.atSeq(formatCount(ledger_seq)) : <StaleBadge atMs={staleSinceMs} />}
      />
      <StatTile label={text.posted} value={main ? formatMoney(main.debits_posted, main.currency) : UNKNOWN} second={main?.currency} />
      <StatTile
        label={text.pending}
        value={main ? formatMoney(main.held_minor, main.currency) : UNKNOWN}
        second={holds && `${holds}${oldest}`}
      />
    </>
  );
}

function Invariants() {
  const text = useMessages(LEDGER_MESSAGES);
  const { state } = useApi<InvariantReport>(apiPath('invariants'), { everyMs: INVARIANTS_EVERY_MS });
  if (state.kind !== 'ready') return <StatTile label={text.invariants} value={state.kind === 'loading' ? undefined : UNKNOWN} />;
  const { checks } = state.data;
  const broken = checks.filter(({ ok }) => !ok);
  const passed = text.checks(formatCount(checks.length - broken.length), formatCount(checks.length));
  if (broken.length === 0) return <StatTile label={text.invariants} value={text.allHold} second={passed} />;
  return <StatTile label={text.invariants} value={passed} tone="bad" second={broken.map(({ name }) => name).join(', ')} />;
}
