import { useMemo } from 'react';
import type { Insights } from '@trancendos/contracts/archive';
import { useMessages } from '@trancendos/shell-api';
import { ChartFigure, formatCount, Table, type Column } from '@trancendos/ui';
import { formatPercent } from './format-percent.ts';
import { LaterChart } from './later-chart.tsx';
import { INSIGHTS_MESSAGES } from './messages.ts';
import { spreadScores, type ScoreBucket } from './spread-scores.ts';

const HEIGHT_PX = 240;
const loadColumns = () => import('./charts/score-columns.tsx').then(({ ScoreColumns }) => ScoreColumns);

/** How scores are spread, and what payments of each bucket got, as columns or as a table. */
export function ScoreFigure({ insights, before }: { readonly insights: Insights; readonly before: Insights | undefined }) {
  const text = useMessages(INSIGHTS_MESSAGES);
  const buckets = useMemo(() => spreadScores(insights, before), [insights, before]);
  const columns: readonly Column<ScoreBucket>[] = [
    { id: 'score', title: text.score, cell: ({ range }) => range },
    { id: 'now', title: text.now, align: 'end', cell: ({ share }) => formatPercent(share) },
    { id: 'before', title: text.theTimeBefore, align: 'end', cell: (bucket) => formatPercent(bucket.before) },
    ...(['approve', 'review', 'decline'] as const).map((action) => ({
      id: action,
      title: text[`action_${action}`],
      align: 'end' as const,
      cell: (bucket: ScoreBucket) => formatCount(bucket[action]),
    })),
  ];
  return (
    <ChartFigure
      title={text.scores}
      summary={text.scoresText}
      chart={<LaterChart load={loadColumns} heightPx={HEIGHT_PX} drawn={{ buckets, title: `${text.scores}. ${text.scoresText}` }} />}
      table={
        <div className="chart-table" style={{ height: HEIGHT_PX }}>
          <Table caption={text.scores} columns={columns} rows={buckets} rowKey={({ from }) => String(from)} />
        </div>
      }
    />
  );
}
