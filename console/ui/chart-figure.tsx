import { ChartLine, Table2 } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { IconButton } from './button.tsx';
import { useMessages } from './define-messages.ts';
import { UI_MESSAGES } from './messages.ts';

export interface ChartFigureProps {
  readonly title: string;
  /** What the chart says, in a sentence. */
  readonly summary: string;
  readonly chart: ReactNode;
  /** The same numbers in words and figures. */
  readonly table: ReactNode;
}

/** A drawing and its table, of which one is shown: whatever a chart says can be read, too. */
export function ChartFigure({ title, summary, chart, table }: ChartFigureProps) {
  const text = useMessages(UI_MESSAGES);
  const [isTable, setTable] = useState(false);
  const Icon = isTable ? ChartLine : Table2;
  return (
    <figure className="chart">
      <figcaption className="chart-head">
        <span className="chart-title">{title}</span>
        <span className="second">{summary}</span>
        <IconButton label={`${title}: ${isTable ? text.showChart : text.showTable}`} onClick={() => setTable(!isTable)}>
          <Icon className="icon" aria-hidden />
        </IconButton>
      </figcaption>
      {isTable ? table : chart}
    </figure>
  );
}
