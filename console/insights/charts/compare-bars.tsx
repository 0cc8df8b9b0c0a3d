import { Bar, BarChart, LabelList, Rectangle, Tooltip, XAxis, YAxis, type BarShapeProps } from 'recharts';
import { useMessages } from '@trancendos/shell-api';
import { INSIGHTS_MESSAGES } from '../messages.ts';
import { AXIS_STYLE, BEFORE_STROKE, CURSOR_STYLE } from './axis-style.ts';
import { ChartTip } from './chart-tip.tsx';

/** One thing that is measured, with its measure as it is written; `before` is null where there is nothing to compare with. */
export interface ComparedBar {
  readonly label: string;
  readonly value: number;
  readonly valueText: string;
  readonly before: number | null;
  readonly beforeText: string;
  /** A token of the design system. */
  readonly color: 'ok' | 'warn' | 'bad' | 'accent';
}

export interface CompareBarsProps {
  readonly bars: readonly ComparedBar[];
  readonly title: string;
  readonly labelWidthPx: number;
}

/** Room for what is written at the end of the longest bar. */
const VALUE_WIDTH_PX = 96;
const BAR_PX = 12;

/** Lying bars, each over the outline of what it was in the time before. */
export function CompareBars({ bars, title, labelWidthPx }: CompareBarsProps) {
  const text = useMessages(INSIGHTS_MESSAGES);
  return (
    <BarChart
      data={[...bars]}
      layout="vertical"
      responsive
      title={title}
      className="insights-drawing"
      margin={{ top: 0, right: VALUE_WIDTH_PX, bottom: 0, left: 0 }}
      barGap={2}
    >
      <XAxis type="number" hide domain={[0, 'dataMax']} />
      <YAxis {...AXIS_STYLE} type="category" dataKey="label" width={labelWidthPx} interval={0} />
      <Tooltip
        cursor={{ fill: CURSOR_STYLE.fill }}
        content={({ active, payload }) => {
          const bar = payload[0]?.payload as ComparedBar | undefined;
          if (!active || !bar) return null;
          const lines = [
            { label: text.now, value: bar.valueText },
            { label: text.theTimeBefore, value: bar.beforeText },
          ];
          return <ChartTip title={bar.label} lines={lines} />;
        }}
      />
      <Bar dataKey="value" maxBarSize={BAR_PX} radius={2} shape={drawFilled}>
        <LabelList dataKey="valueText" position="right" fill="var(--text)" fontSize={11.5} />
      </Bar>
      <Bar dataKey="before" maxBarSize={BAR_PX} radius={2} fill="transparent" {...BEFORE_STROKE} />
    </BarChart>
  );
}

function drawFilled(props: BarShapeProps) {
  return <Rectangle {...props} fill={`var(--${(props.payload as ComparedBar).color})`} />;
}
