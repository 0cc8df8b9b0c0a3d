import { CartesianGrid, Line, LineChart, Tooltip, XAxis, YAxis } from 'recharts';
import { useMessages } from '@trancendos/shell-api';
import { formatDay, formatDayClock, formatMinute } from '@trancendos/ui';
import type { RatePoint } from '../align-rates.ts';
import { formatPercent } from '../format-percent.ts';
import { INSIGHTS_MESSAGES } from '../messages.ts';
import { AXIS_STYLE, BEFORE_STROKE, CURSOR_STYLE, GRID_STROKE } from './axis-style.ts';
import { ChartTip } from './chart-tip.tsx';

export interface RateLinesProps {
  readonly points: readonly RatePoint[];
  readonly title: string;
  readonly color: 'ok' | 'warn' | 'bad' | 'accent';
  /** Drawn from 0 on; without it from where the values are. */
  readonly isFromZero: boolean;
}

const TWO_DAYS_MS = 2 * 86_400_000;
const POINT_RADIUS = 3;

/** A rate over time as a line, and over the time before as a dashed one. */
export function RateLines({ points, title, color, isFromZero }: RateLinesProps) {
  const text = useMessages(INSIGHTS_MESSAGES);
  const isLong = (points.at(-1)?.atMs ?? 0) - (points[0]?.atMs ?? 0) > TWO_DAYS_MS;
  const stroke = `var(--${color})`;
  const activeDot = { r: POINT_RADIUS, fill: stroke, stroke: 'var(--bg)' };
  return (
    <LineChart data={[...points]} responsive title={title} className="insights-drawing" margin={{ top: 6, right: 8, bottom: 0, left: 0 }}>
      <CartesianGrid vertical={false} stroke={GRID_STROKE} />
      <XAxis
        {...AXIS_STYLE}
        dataKey="atMs"
        type="number"
        domain={['dataMin', 'dataMax']}
        minTickGap={48}
        tickFormatter={(atMs: number) => (isLong ? formatDay(atMs).replace(/ \d{4}$/, '') : formatMinute(atMs))}
      />
      <YAxis
        {...AXIS_STYLE}
        axisLine={false}
        width={58}
        tickCount={4}
        domain={isFromZero ? [0, 'auto'] : ['auto', 'auto']}
        tickFormatter={formatPercent}
      />
      <Tooltip
        cursor={CURSOR_STYLE}
        content={({ active, payload }) => {
          const point = payload[0]?.payload as RatePoint | undefined;
          if (!active || !point) return null;
          const lines = [
            { label: text.now, value: formatPercent(point.value) },
            { label: text.theTimeBefore, value: formatPercent(point.before) },
          ];
          return <ChartTip title={formatDayClock(point.atMs)} lines={lines} />;
        }}
      />
      <Line dataKey="before" {...BEFORE_STROKE} dot={false} activeDot={false} />
      <Line dataKey="value" stroke={stroke} strokeWidth={2} dot={isLonely(points) ? activeDot : false} activeDot={activeDot} />
    </LineChart>
  );
}

/** Where values have no neighbours there is no line to see. */
function isLonely(points: readonly RatePoint[]): boolean {
  return !points.some(({ value }, index) => value !== null && points[index + 1]?.value != null);
}
