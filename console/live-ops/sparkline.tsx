import { theme, useCell } from '@trancendos/ui';
import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import { RATE_POINTS } from './rate-series.ts';

/** A line: its colour is a token, as `--accent`; its points are one a second, the newest last. */
export interface SparkLine {
  readonly token: string;
  readonly points: readonly number[];
}

export interface SparklineProps {
  readonly lines: readonly SparkLine[];
  readonly width: number;
  readonly height: number;
  /** The value that the height stands for at least. */
  readonly leastMax: number;
}

/** The last two minutes, whatever of them is known. Decoration beside numbers, so hidden from readers that hear the page. */
export function Sparkline({ lines, width, height, leastMax }: SparklineProps) {
  const host = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(null);
  const currentTheme = useCell(theme);
  const tokens = lines.map(({ token }) => token).join(' ');

  useEffect(() => {
    if (!host.current) return;
    const style = getComputedStyle(host.current);
    const strokes = tokens.split(' ').map((token) => style.getPropertyValue(token));
    const drawn = new uPlot(optionsFor({ strokes, width, height, leastMax }), [[], ...strokes.map(() => [])], host.current);
    plot.current = drawn;
    return () => drawn.destroy();
  }, [currentTheme, tokens, width, height, leastMax]);

  useEffect(() => {
    plot.current?.setData([SECONDS, ...lines.map(({ points }) => padded(points))]);
  }, [lines, currentTheme, tokens]);

  return <div className="sparkline" style={{ width, height }} ref={host} aria-hidden />;
}

/** The axis is fixed: what has not been seen yet is left empty. */
const SECONDS = Array.from({ length: RATE_POINTS }, (_, second) => second);
const padded = (points: readonly number[]) => [...Array<null>(Math.max(0, RATE_POINTS - points.length)).fill(null), ...points];

interface Look {
  readonly strokes: readonly string[];
  readonly width: number;
  readonly height: number;
  readonly leastMax: number;
}

function optionsFor({ strokes, width, height, leastMax }: Look): uPlot.Options {
  return {
    width,
    height,
    padding: [3, 1, 1, 0],
    cursor: { show: false },
    legend: { show: false },
    axes: [{ show: false }, { show: false }],
    scales: {
      x: { time: false, range: [0, RATE_POINTS - 1] },
      // From nothing up, so that a steady rate is a calm line and a stop is seen.
      y: { range: (_plot, _min, max) => [0, Math.max(leastMax, max * 1.15)] },
    },
    series: [{}, ...strokes.map((stroke) => ({ stroke, width: 1.5, points: { show: false } }))],
  };
}
