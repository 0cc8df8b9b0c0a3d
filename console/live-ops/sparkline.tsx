import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { RATE_POINTS } from './rate-series.ts';
import { theme, useCell } from '@trancendos/ui';

const WIDTH = 116;
const HEIGHT = 34;
const POINTS_MIN = 30;

/** Throughput of the last two minutes. Decoration beside the number, so hidden from readers that hear the page. */
export function Sparkline({ points, version }: { readonly points: readonly number[]; readonly version: number }) {
  const host = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(null);
  const currentTheme = useCell(theme);

  useEffect(() => {
    if (!host.current) return;
    const accent = getComputedStyle(host.current).getPropertyValue('--accent');
    const drawn = new uPlot(optionsFor(accent), [[], []], host.current);
    plot.current = drawn;
    return () => drawn.destroy();
  }, [currentTheme]);

  useEffect(() => {
    plot.current?.setData([points.map((_, index) => RATE_POINTS - points.length + index), [...points]]);
  }, [points, version, currentTheme]);

  return <div className="sparkline" ref={host} aria-hidden />;
}

function optionsFor(stroke: string): uPlot.Options {
  return {
    width: WIDTH,
    height: HEIGHT,
    padding: [3, 0, 3, 0],
    cursor: { show: false },
    legend: { show: false },
    axes: [{ show: false }, { show: false }],
    scales: {
      // Grows from the right; the first half minute has the whole width.
      x: { time: false, range: (_plot, first) => [Math.min(first, RATE_POINTS - POINTS_MIN), RATE_POINTS - 1] },
      // A steady rate is a calm line in the middle, not a drama of its last digit.
      y: { range: (_plot, min, max) => [Math.max(0, Math.min(min, max * 0.5)), Math.max(1, max * 1.15)] },
    },
    series: [{}, { stroke, width: 1.5, points: { show: false } }],
  };
}
