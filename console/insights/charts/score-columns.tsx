import { Bar, CartesianGrid, ComposedChart, Line, Rectangle, Tooltip, XAxis, YAxis, type BarShapeProps } from 'recharts';
import { useMessages } from '@trancendos/shell-api';
import { formatCount } from '@trancendos/ui';
import { formatPercent } from '../format-percent.ts';
import { INSIGHTS_MESSAGES } from '../messages.ts';
import type { ScoreBucket } from '../spread-scores.ts';
import { AXIS_STYLE, BEFORE_STROKE, CURSOR_STYLE, GRID_STROKE } from './axis-style.ts';
import { ChartTip } from './chart-tip.tsx';

const COLOR_OF_ACTION = { approve: 'var(--ok)', review: 'var(--warn)', decline: 'var(--bad)' } as const;

export interface ScoreColumnsProps {
  readonly buckets: readonly ScoreBucket[];
  readonly title: string;
}

/**
 * How scores are spread, under the outline of the time before. Heights go by the root of the share, so that few high scores can be seen
 * beside many low ones.
 */
export function ScoreColumns({ buckets, title }: ScoreColumnsProps) {
  const text = useMessages(INSIGHTS_MESSAGES);
  return (
    <ComposedChart
      data={[...buckets]}
      responsive
      title={title}
      className="insights-drawing"
      margin={{ top: 6, right: 8, bottom: 0, left: 0 }}
    >
      <CartesianGrid vertical={false} stroke={GRID_STROKE} />
      <XAxis {...AXIS_STYLE} dataKey="from" minTickGap={24} />
      <YAxis {...AXIS_STYLE} axisLine={false} width={58} scale="sqrt" domain={[0, 'dataMax']} tickCount={4} tickFormatter={formatPercent} />
      <Tooltip
        cursor={{ fill: CURSOR_STYLE.fill }}
        content={({ active, payload }) => {
          const bucket = payload[0]?.payload as ScoreBucket | undefined;
          if (!active || !bucket) return null;
          const lines = [
            { label: text.now, value: formatPercent(bucket.share) },
            { label: text.theTimeBefore, value: formatPercent(bucket.before) },
            ...(['approve', 'review', 'decline'] as const).map((action) => ({
              label: text[`action_${action}`],
              value: formatCount(bucket[action]),
            })),
          ];
          return <ChartTip title={`${text.score} ${bucket.range}`} lines={lines} />;
        }}
      />
      <Bar dataKey="share" radius={[2, 2, 0, 0]} shape={drawFilled} />
      <Line type="step" dataKey="before" {...BEFORE_STROKE} dot={false} activeDot={false} />
    </ComposedChart>
  );
}

function drawFilled(props: BarShapeProps) {
  return <Rectangle {...props} fill={COLOR_OF_ACTION[(props.payload as ScoreBucket).mostOften]} />;
}
