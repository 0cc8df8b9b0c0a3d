import { CartesianGrid, Scatter, ScatterChart, Tooltip, XAxis, YAxis, ZAxis } from 'recharts';
import { useMessages } from '@trancendos/shell-api';
import { formatMs } from '@trancendos/ui';
import type { StageLatency } from '../compare-latency.ts';
import { INSIGHTS_MESSAGES } from '../messages.ts';
import { AXIS_STYLE, BEFORE_STROKE, CURSOR_STYLE, GRID_STROKE } from './axis-style.ts';
import { ChartTip } from './chart-tip.tsx';

export interface LatencyDotsProps {
  readonly stages: readonly StageLatency[];
  readonly title: string;
}

/** Each percentile has a shape of its own. */
const SHAPES = { p50: 'circle', p95: 'triangle', p99: 'square' } as const;
const PERCENTILES = Object.keys(SHAPES) as (keyof typeof SHAPES)[];
const DOT_AREA = 70;
const DECADES = [0.1, 1, 10, 100, 1_000, 10_000];

interface Dot {
  readonly stage: string;
  readonly ms: number;
  readonly name: string;
}

/** Percentiles of every stage on a scale of decades, those of the time before hollow. */
export function LatencyDots({ stages, title }: LatencyDotsProps) {
  const text = useMessages(INSIGHTS_MESSAGES);
  const dotsOf = (of: 'now' | 'before', name: keyof typeof SHAPES): Dot[] =>
    stages.flatMap((stage) => {
      const ms = stage[of]?.[name] ?? null;
      const label = of === 'now' ? name : `${name}, ${text.theTimeBefore}`;
      return ms === null ? [] : [{ stage: stage.label, ms: Math.max(ms, DECADES[0] ?? 0), name: label }];
    });
  const all = PERCENTILES.flatMap((name) => [...dotsOf('now', name), ...dotsOf('before', name)]).map(({ ms }) => ms);
  const [low, high] = [Math.min(...all, 1), Math.max(...all, 10)];
  const from = DECADES.findLast((decade) => decade <= low) ?? 0.1;
  const to = DECADES.find((decade) => decade >= high) ?? 10_000;
  return (
    <ScatterChart responsive title={title} className="insights-drawing" margin={{ top: 6, right: 12, bottom: 0, left: 0 }}>
      <CartesianGrid stroke={GRID_STROKE} />
      <XAxis
        {...AXIS_STYLE}
        dataKey="ms"
        type="number"
        scale="log"
        domain={[from, to]}
        ticks={DECADES.filter((decade) => decade >= from && decade <= to)}
        tickFormatter={(ms: number) => `${String(ms)} ms`}
      />
      <YAxis
        {...AXIS_STYLE}
        dataKey="stage"
        type="category"
        width={150}
        interval={0}
        reversed
        allowDuplicatedCategory={false}
        domain={stages.map(({ label }) => label)}
      />
      <ZAxis range={[DOT_AREA, DOT_AREA]} />
      <Tooltip
        cursor={{ stroke: CURSOR_STYLE.stroke }}
        content={({ active, payload }) => {
          const dot = payload[0]?.payload as Dot | undefined;
          return active && dot ? <ChartTip title={dot.stage} lines={[{ label: dot.name, value: `${formatMs(dot.ms)} ms` }]} /> : null;
        }}
      />
      {PERCENTILES.map((name) => (
        <Scatter key={`before ${name}`} data={dotsOf('before', name)} shape={SHAPES[name]} fill="transparent" {...BEFORE_STROKE} />
      ))}
      {PERCENTILES.map((name) => (
        <Scatter key={name} data={dotsOf('now', name)} shape={SHAPES[name]} fill="var(--accent)" />
      ))}
    </ScatterChart>
  );
}
