import { useMemo } from 'react';
import type { Insights } from '@trancendos/contracts/archive';
import { useMessages } from '@trancendos/shell-api';
import { ChartFigure, formatDayClock, Table, type Column } from '@trancendos/ui';
import { alignRates, RATES, type RateName, type RatePoint } from './align-rates.ts';
import type { RateLinesProps } from './charts/rate-lines.tsx';
import { formatPercent } from './format-percent.ts';
import { LaterChart } from './later-chart.tsx';
import { INSIGHTS_MESSAGES } from './messages.ts';

const HEIGHT_PX = 150;
const COLORS: Readonly<Record<RateName, RateLinesProps['color']>> = {
  approval: 'ok',
  review: 'warn',
  decline: 'bad',
  fraud: 'accent',
  falsePositives: 'accent',
};
const loadLines = () => import('./charts/rate-lines.tsx').then(({ RateLines }) => RateLines);

export interface RateFigureProps {
  readonly name: RateName;
  readonly insights: Insights;
  /** Of the time before; undefined until it is known. */
  readonly before: Insights | undefined;
}

/** One rate over time, beside the time before, as lines or as a table. */
export function RateFigure({ name, insights, before }: RateFigureProps) {
  const text = useMessages(INSIGHTS_MESSAGES);
  const points = useMemo(() => alignRates(insights, before, name), [insights, before, name]);
  const title = text[name];
  const earlier = insights.previous.totals;
  const summary = text.nowAndBefore(formatPercent(RATES[name](insights.totals)), formatPercent(RATES[name](earlier)));
  const columns: readonly Column<RatePoint>[] = [
    { id: 'time', title: text.time, cell: ({ atMs }) => <span className="mono">{formatDayClock(atMs)}</span> },
    { id: 'now', title: text.now, align: 'end', cell: ({ value }) => formatPercent(value) },
    { id: 'before', title: text.theTimeBefore, align: 'end', cell: (point) => formatPercent(point.before) },
  ];
  return (
    <ChartFigure
      title={title}
      summary={summary}
      chart={
        <LaterChart
          load={loadLines}
          heightPx={HEIGHT_PX}
          drawn={{ points, title: `${title}. ${summary}`, color: COLORS[name], isFromZero: name !== 'approval' }}
        />
      }
      table={
        <div className="chart-table" style={{ height: HEIGHT_PX }}>
          <Table caption={title} columns={columns} rows={[...points].reverse()} rowKey={({ atMs }) => String(atMs)} />
        </div>
      }
    />
  );
}
