import { Download } from 'lucide-react';
import { useState } from 'react';
import type { Insights } from '@trancendos/contracts/archive';
import { useApi, useCan, useMessages, useSearch } from '@trancendos/shell-api';
import { Panel, Select, useNow } from '@trancendos/ui';
import { insightsPath, isRange, RANGE_NAMES, type RangeName } from './choose-range.ts';
import { MerchantTable } from './merchant-table.tsx';
import { INSIGHTS_MESSAGES } from './messages.ts';
import { OverTime } from './over-time.tsx';
import { RateStrip } from './rate-strip.tsx';
import { LatencyTable, ReasonTable, ScoreTable } from './small-tables.tsx';
import './insights.css';

const EVERY_MS = 15_000;
const NOW_EVERY_MS = 30_000;
const ALL = '';

/** `/insights`: what decisions of a time sum up to, beside the time before. Range and merchant stand in the address. */
export function InsightsPage() {
  const text = useMessages(INSIGHTS_MESSAGES);
  const [search, change] = useSearch();
  const nowMs = useNow(NOW_EVERY_MS);
  const asked = search.get('range');
  const range: RangeName = isRange(asked) ? asked : 'hour';
  const merchant = search.get('merchant') ?? undefined;
  const { state, retry } = useApi<Insights>(insightsPath(range, nowMs, merchantOf(merchant)), { everyMs: EVERY_MS });
  // Another minute is another address: what was read last stays on screen until the next answer.
  const [last, setLast] = useState<typeof state>();
  if (state.kind !== 'loading' && state !== last) setLast(state);
  const shown = state.kind === 'loading' && last?.kind === 'ready' && isOf(last.data, merchant) ? last : state;
  return (
    <div className="insights-page">
      <div className="insights-bar">
        <Select
          label={text.range}
          value={range}
          options={RANGE_NAMES.map((value) => ({ value, label: text[value] }))}
          onValue={(value) => change({ range: value })}
        />
        {merchant !== undefined && (
          <Select
            label={text.merchant}
            value={merchant}
            options={[
              { value: merchant, label: merchant },
              { value: ALL, label: text.allMerchants },
            ]}
            onValue={(value) => change({ merchant: value })}
          />
        )}
        <ExportLink range={range} nowMs={nowMs} merchant={merchant} />
      </div>
      <Panel
        state={shown}
        onRetry={retry}
        isEmpty={({ totals }) => totals.decisions === 0}
        empty={{ title: text.nothing, text: text.nothingText }}
      >
        {(insights) => <Contents insights={insights} onMerchant={(id) => change({ merchant: id })} />}
      </Panel>
    </div>
  );
}

function Contents({ insights, onMerchant }: { readonly insights: Insights; readonly onMerchant: (id: string) => void }) {
  return (
    <div className="insights-body">
      <RateStrip insights={insights} />
      <OverTime insights={insights} />
      <div className="insights-columns">
        <LatencyTable insights={insights} />
        <ReasonTable insights={insights} />
        <ScoreTable insights={insights} />
      </div>
      {insights.merchants.length > 0 && <MerchantTable merchants={insights.merchants} onMerchant={onMerchant} />}
    </div>
  );
}

function ExportLink({
  range,
  nowMs,
  merchant,
}: {
  readonly range: RangeName;
  readonly nowMs: number;
  readonly merchant: string | undefined;
}) {
  const text = useMessages(INSIGHTS_MESSAGES);
  if (!useCan('insights:export')) return null;
  return (
    <a className="button insights-export" href={insightsPath(range, nowMs, { ...merchantOf(merchant), table: 'series' })} download>
      <Download className="icon" aria-hidden /> {text.exportCsv}
    </a>
  );
}

function merchantOf(merchant: string | undefined): { merchant?: string } {
  return merchant === undefined ? {} : { merchant };
}

function isOf({ merchant_id }: Insights, merchant: string | undefined): boolean {
  return merchant_id === (merchant ?? null);
}
