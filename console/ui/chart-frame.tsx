import { useEffect, useRef } from 'react';
import type uPlot from 'uplot';
import { useCell } from './cell.ts';
import { ChartFigure } from './chart-figure.tsx';
import { useMessages } from './define-messages.ts';
import { formatClock, formatDayClock, formatMinute } from './format-time.ts';
import { UI_MESSAGES } from './messages.ts';
import { theme } from './preferences.ts';
import { Table } from './table.tsx';

export interface ChartSeries {
  readonly label: string;
  /** A token of the design system: `accent`, `ok`, `muted`. */
  readonly color: 'accent' | 'ok' | 'warn' | 'bad' | 'muted';
  /** One for every time; null where there is none. */
  readonly values: readonly (number | null)[];
  /** Drawn as steps that hold until the next time, as a balance does. */
  readonly isStepped?: boolean;
  /** Drawn as dots, where what lies between two times means nothing. */
  readonly isDotted?: boolean;
}

export interface ChartFrameProps {
  readonly title: string;
  /** What the chart says, in a sentence. */
  readonly summary: string;
  /** Epoch ms, ascending. */
  readonly timesMs: readonly number[];
  readonly series: readonly ChartSeries[];
  readonly formatValue: (value: number) => string;
  readonly heightPx?: number;
}

/** Lines over time, with a table of the same numbers behind a button: a canvas says nothing to a screen reader. */
export function ChartFrame(props: ChartFrameProps) {
  const { title, summary } = props;
  return <ChartFigure title={title} summary={summary} chart={<Canvas {...props} />} table={<ChartTable {...props} />} />;
}

function ChartTable({ title, timesMs, series, formatValue, heightPx = 200 }: ChartFrameProps) {
  const text = useMessages(UI_MESSAGES);
  const columns = [
    { id: 'time', title: text.time, cell: (index: number) => <span className="mono">{formatDayClock(timesMs[index] ?? 0)}</span> },
    ...series.map(({ label, values }) => ({
      id: label,
      title: label,
      align: 'end' as const,
      cell: (index: number) => {
        const value = values[index];
        return value === null || value === undefined ? '–' : formatValue(value);
      },
    })),
  ];
  return (
    <div className="chart-table" style={{ maxHeight: heightPx }}>
      <Table caption={title} columns={columns} rows={timesMs.map((_, index) => index).reverse()} rowKey={String} />
    </div>
  );
}

function Canvas({ title, summary, timesMs, series, formatValue, heightPx = 200 }: ChartFrameProps) {
  const { time } = useMessages(UI_MESSAGES);
  const host = useRef<HTMLDivElement>(null);
  const currentTheme = useCell(theme);
  useEffect(() => {
    const element = host.current;
    if (!element) return undefined;
    let plot: uPlot | undefined;
    let isGone = false;
    const fit = new ResizeObserver(([entry]) => entry && plot?.setSize({ width: entry.contentRect.width, height: heightPx }));
    fit.observe(element);
    void import('uplot').then(({ default: Plot }) => {
      if (isGone) return;
      const data = [timesMs.map((timeMs) => timeMs / 1_000), ...series.map(({ values }) => [...values])] as uPlot.AlignedData;
      plot = new Plot(optionsFor(Plot, element, { time, series, formatValue, heightPx }), data, element);
    });
    return () => {
      isGone = true;
      fit.disconnect();
      plot?.destroy();
    };
  }, [time, timesMs, series, formatValue, heightPx, currentTheme]);
  return <div ref={host} className="chart-canvas" style={{ minHeight: heightPx }} role="img" aria-label={`${title}. ${summary}`} />;
}

type Drawn = Pick<ChartFrameProps, 'series' | 'formatValue'> & {
  readonly heightPx: number;
  /** What the legend calls the time. */
  readonly time: string;
};

function optionsFor(Plot: typeof uPlot, element: HTMLElement, { time, series, formatValue, heightPx }: Drawn): uPlot.Options {
  const style = getComputedStyle(element);
  const token = (name: string) => style.getPropertyValue(`--${name}`).trim();
  const axis = {
    stroke: token('muted'),
    grid: { stroke: token('line'), width: 1 },
    ticks: { show: false },
    font: `11.5px ${style.fontFamily}`,
  };
  return {
    width: element.clientWidth,
    height: heightPx,
    padding: [8, 8, 0, 0],
    cursor: { y: false, points: { size: 6 } },
    legend: { show: series.length > 1, live: true },
    axes: [
      {
        ...axis,
        grid: { show: false },
        size: 28,
        space: 90,
        values: (_plot, splits) => nameTimes(splits.map((seconds) => seconds * 1_000)),
      },
      { ...axis, size: 84, values: (_plot, splits) => splits.map(formatValue) },
    ],
    series: [
      { label: time, value: (_plot, seconds: number | null) => (seconds === null ? '–' : formatDayClock(seconds * 1_000)) },
      ...series.map(({ label, color, isStepped, isDotted = false }) => ({
        label,
        stroke: token(color),
        width: 1.5,
        points: isDotted ? { show: true, size: 5, width: 0, fill: token(color) } : { show: false },
        value: (_plot: uPlot, value: number | null) => (value === null ? '–' : formatValue(value)),
        ...(isDotted && { paths: () => null }),
        ...(isStepped && Plot.paths.stepped && { paths: Plot.paths.stepped({ align: 1 }) }),
      })),
    ],
  };
}

const DAYS_WITH_HOURS = 4;
const MINUTES_WITH_SECONDS = 4;

/** Marks of a time axis: seconds within minutes, hours within a day, days where there are several, both in between. */
function nameTimes(timesMs: readonly number[]): string[] {
  const lengthMs = (timesMs.at(-1) ?? 0) - (timesMs[0] ?? 0);
  if (lengthMs < MINUTES_WITH_SECONDS * 60_000) return timesMs.map((timeMs) => formatClock(timeMs));
  const days = lengthMs / 86_400_000;
  if (days <= 1) return timesMs.map((timeMs) => formatMinute(timeMs));
  return timesMs.map((timeMs) =>
    formatDayClock(timeMs).slice('2026-'.length, days > DAYS_WITH_HOURS ? '2026-05-01'.length : -':00'.length),
  );
}
