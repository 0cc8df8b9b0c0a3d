import { useMemo } from 'react';
import type { Insights } from '@trancendos/contracts/archive';
import { useMessages } from '@trancendos/shell-api';
import { ChartFrame, formatCount, formatFixed, formatShare, type ChartSeries } from '@trancendos/ui';
import { INSIGHTS_MESSAGES } from './messages.ts';

const percent = (value: number) => `${formatFixed(value, 1)} %`;

/** Shares that were held, declined and are known as fraud, over time. What was approved is the rest, and would flatten the others. */
export function OverTime({ insights: { series, totals } }: { readonly insights: Insights }) {
  const text = useMessages(INSIGHTS_MESSAGES);
  const timesMs = useMemo(() => series.map(({ at }) => Date.parse(at)), [series]);
  const lines = useMemo((): readonly ChartSeries[] => {
    const share = (of: 'review' | 'decline' | 'fraud') =>
      series.map((point) => (point.decisions === 0 ? null : (100 * point[of]) / point.decisions));
    return [
      { label: text.review, color: 'warn', values: share('review') },
      { label: text.decline, color: 'bad', values: share('decline') },
      { label: text.fraud, color: 'accent', values: share('fraud') },
    ];
  }, [series, text]);
  const summary = text.overTimeText(formatShare(totals.approve, totals.decisions), formatCount(totals.decisions));
  return <ChartFrame title={text.overTime} summary={summary} timesMs={timesMs} series={lines} formatValue={percent} heightPx={220} />;
}
