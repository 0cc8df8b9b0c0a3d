import { Download } from 'lucide-react';
import type { Insights } from '@trancendos/contracts/archive';
import { useCan, useMessages, useSearch } from '@trancendos/shell-api';
import { Panel, Select, useNow } from '@trancendos/ui';
import { BarsFigure } from './bars-figure.tsx';
import { ChartKey } from './chart-key.tsx';
import { insightsPath, isRange, previousPath, RANGE_NAMES, type RangeName } from './choose-range.ts';
import { compareMerchants, compareMoney, compareReasons } from './compare-bars.ts';
import { LatencyFigure } from './latency-figure.tsx';
import { MerchantTable } from './merchant-table.tsx';
import { INSIGHTS_MESSAGES } from './messages.ts';
import { RateFigure } from './rate-figure.tsx';
import { RateStrip } from './rate-strip.tsx';
import { ScoreFigure } from './score-figure.tsx';
import { useKeptApi } from './use-kept-api.ts';
import './insights.css';

const EVERY_MS = 15_000;
/** Only labels still change the time before. */
const BEFORE_EVERY_MS = 60_000;
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
  const key = `${range} ${merchant ?? ALL}`;
  const { state, retry } = useKeptApi<Insights>(insightsPath(range, nowMs, merchantOf(merchant)), key, { everyMs: EVERY_MS });
  const before = useKeptApi<Insights>(state.kind === 'ready' ? previousPath(state.data) : undefined, key, { everyMs: BEFORE_EVERY_MS });
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
        state={state}
        onRetry={retry}
        isEmpty={({ totals }) => totals.decisions === 0}
        empty={{ title: text.nothing, text: text.nothingText }}
      >
        {(insights) => (
          <Contents
            insights={insights}
            before={before.state.kind === 'ready' ? before.state.data : undefined}
            onMerchant={(id) => change({ merchant: id })}
          />
        )}
      </Panel>
    </div>
  );
}

const RATE_NAMES = ['approval', 'review', 'decline', 'fraud', 'falsePositives'] as const;
const BARS_MAX = 10;
const RATE_HEIGHT_PX = 150;

interface ContentsProps {
  readonly insights: Insights;
  readonly before: Insights | undefined;
  readonly onMerchant: (id: string) => void;
}

function Contents({ insights, before, onMerchant }: ContentsProps) {
  const text = useMessages(INSIGHTS_MESSAGES);
  const money = compareMoney(insights, (name) => text[name]);
  return (
    <div className="insights-body">
      <RateStrip insights={insights} />
      <ChartKey insights={insights} />
      <div className="insights-grid">
        {RATE_NAMES.map((name) => (
          <RateFigure key={name} name={name} insights={insights} before={before} />
        ))}
        <BarsFigure title={text.money} summary={text.moneyText} of={text.money} bars={money} heightPx={RATE_HEIGHT_PX} />
      </div>
      <div className="insights-grid" data-columns="two">
        <ScoreFigure insights={insights} before={before} />
        <LatencyFigure insights={insights} before={before} />
        <BarsFigure title={text.reasons} summary={text.reasonsText} of={text.reason} bars={compareReasons(insights, before, BARS_MAX)} />
        {insights.merchants.length > 0 && (
          <BarsFigure
            title={text.stopped}
            summary={text.stoppedText}
            of={text.merchant}
            bars={compareMerchants(insights, before, BARS_MAX)}
          />
        )}
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
