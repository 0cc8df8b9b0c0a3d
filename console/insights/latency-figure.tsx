import { useMemo } from 'react';
import type { Insights } from '@trancendos/contracts/archive';
import { useMessages } from '@trancendos/shell-api';
import { ChartFigure, formatMs, Table, type Column } from '@trancendos/ui';
import { compareLatency, type StageLatency } from './compare-latency.ts';
import { LaterChart } from './later-chart.tsx';
import { INSIGHTS_MESSAGES } from './messages.ts';

const HEIGHT_PX = 240;
const loadDots = () => import('./charts/latency-dots.tsx').then(({ LatencyDots }) => LatencyDots);
const ms = (value: number | null | undefined) => (value == null ? '–' : `${formatMs(value)} ms`);

/** How long each stage of a decision's way takes, as dots or as a table. */
export function LatencyFigure({ insights, before }: { readonly insights: Insights; readonly before: Insights | undefined }) {
  const text = useMessages(INSIGHTS_MESSAGES);
  const stages = useMemo(() => compareLatency(insights, before, (stage) => text[`stage_${stage}`]), [insights, before, text]);
  const total = stages.find(({ stage }) => stage === 'total');
  const summary = text.latencyText(ms(total?.now.p50), ms(total?.now.p99));
  const columns: readonly Column<StageLatency>[] = [
    { id: 'stage', title: text.stage, cell: ({ label }) => label },
    ...(['p50', 'p95', 'p99'] as const).flatMap((name): Column<StageLatency>[] => [
      { id: name, title: name, align: 'end', cell: ({ now }) => ms(now[name]) },
      { id: `${name} before`, title: text.before(name), align: 'end', cell: (stage) => ms(stage.before?.[name]) },
    ]),
  ];
  return (
    <ChartFigure
      title={text.latency}
      summary={summary}
      chart={<LaterChart load={loadDots} heightPx={HEIGHT_PX} drawn={{ stages, title: `${text.latency}. ${summary}` }} />}
      table={
        <div className="chart-table" style={{ height: HEIGHT_PX }}>
          <Table caption={text.latency} columns={columns} rows={stages} rowKey={({ stage }) => stage} />
        </div>
      }
    />
  );
}
