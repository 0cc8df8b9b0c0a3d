import { useMessages } from '@trancendos/shell-api';
import { ChartFigure, Table, type Column } from '@trancendos/ui';
import type { ComparedBar } from './charts/compare-bars.tsx';
import { LaterChart } from './later-chart.tsx';
import { INSIGHTS_MESSAGES } from './messages.ts';

const BAR_PX = 34;
const LABEL_WIDTH_PX = 168;
const loadBars = () => import('./charts/compare-bars.tsx').then(({ CompareBars }) => CompareBars);

export interface BarsFigureProps {
  readonly title: string;
  readonly summary: string;
  /** What a bar is of: the head of the table's first column. */
  readonly of: string;
  readonly bars: readonly ComparedBar[];
  readonly heightPx?: number;
}

/** Things that are compared with the time before, as bars or as a table. */
export function BarsFigure({ title, summary, of, bars, heightPx = Math.max(2, bars.length) * BAR_PX }: BarsFigureProps) {
  const text = useMessages(INSIGHTS_MESSAGES);
  const columns: readonly Column<ComparedBar>[] = [
    { id: 'of', title: of, cell: ({ label }) => label },
    { id: 'now', title: text.now, align: 'end', cell: ({ valueText }) => valueText },
    { id: 'before', title: text.theTimeBefore, align: 'end', cell: ({ beforeText }) => beforeText },
  ];
  return (
    <ChartFigure
      title={title}
      summary={summary}
      chart={
        <LaterChart load={loadBars} heightPx={heightPx} drawn={{ bars, title: `${title}. ${summary}`, labelWidthPx: LABEL_WIDTH_PX }} />
      }
      table={
        <div className="chart-table" style={{ height: heightPx }}>
          <Table caption={title} columns={columns} rows={bars} rowKey={({ label }) => label} />
        </div>
      }
    />
  );
}
