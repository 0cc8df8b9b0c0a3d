import { useMemo, useState } from 'react';
import type { DecisionLine, EntityProfile } from '@trancendos/contracts/archive';
import { useMessages } from '@trancendos/shell-api';
import { ChartFrame, formatCount, formatDay, formatMoney, Table, Tabs, type ChartSeries, type Column } from '@trancendos/ui';
import { ENTITY_MESSAGES } from './entity-messages.ts';
import { mainCurrency, plotAmounts, plotScores, type DecisionPlot } from './plot-decisions.ts';

const HEIGHT_PX = 150;
type Day = EntityProfile['days'][number];

/** A page of decisions by score and by amount, and all days in figures. */
export function DecisionPlots({ decisions, days }: { readonly decisions: readonly DecisionLine[]; readonly days: readonly Day[] }) {
  const text = useMessages(ENTITY_MESSAGES);
  const [shown, show] = useState('score');
  return (
    <div className="archive-plots">
      <Tabs
        label={text.overTime}
        value={shown}
        onValue={show}
        tabs={[
          { value: 'score', label: text.byScore, content: shown === 'score' && <ScorePlot decisions={decisions} /> },
          { value: 'amount', label: text.byAmount, content: shown === 'amount' && <AmountPlot decisions={decisions} /> },
          { value: 'day', label: text.byDay, content: shown === 'day' && <DayTable days={days} /> },
        ]}
      />
    </div>
  );
}

function ScorePlot({ decisions }: { readonly decisions: readonly DecisionLine[] }) {
  const text = useMessages(ENTITY_MESSAGES);
  const plot = useMemo(() => plotScores(decisions), [decisions]);
  return (
    <ChartFrame
      title={text.scores}
      summary={text.scoreSummary(formatCount(plot.timesMs.length))}
      timesMs={plot.timesMs}
      series={useSeries(plot)}
      formatValue={formatCount}
      heightPx={HEIGHT_PX}
    />
  );
}

function AmountPlot({ decisions }: { readonly decisions: readonly DecisionLine[] }) {
  const text = useMessages(ENTITY_MESSAGES);
  const currency = mainCurrency(decisions) ?? 'EUR';
  const plot = useMemo(() => plotAmounts(decisions, currency), [decisions, currency]);
  const formatValue = useMemo(() => (value: number) => formatMoney(Math.round(value), currency), [currency]);
  return (
    <ChartFrame
      title={text.amountsOverTime}
      summary={text.amountSummary(formatCount(plot.timesMs.length), currency)}
      timesMs={plot.timesMs}
      series={useSeries(plot)}
      formatValue={formatValue}
      heightPx={HEIGHT_PX}
    />
  );
}

function useSeries({ values }: DecisionPlot): readonly ChartSeries[] {
  const text = useMessages(ENTITY_MESSAGES);
  return useMemo(
    () => [
      { label: text.approved, color: 'ok', isDotted: true, values: values.approve },
      { label: text.held, color: 'warn', isDotted: true, values: values.review },
      { label: text.declined, color: 'bad', isDotted: true, values: values.decline },
    ],
    [text, values],
  );
}

function DayTable({ days }: { readonly days: readonly Day[] }) {
  const text = useMessages(ENTITY_MESSAGES);
  const columns = useMemo((): readonly Column<Day>[] => {
    const count = (id: 'approve' | 'review' | 'decline' | 'fraud', title: string): Column<Day> => ({
      id,
      title,
      align: 'end',
      cell: (day) => (day[id] === 0 ? <span className="text-muted">–</span> : formatCount(day[id])),
    });
    return [
      // A day of UTC: read as local noon it is the same day everywhere.
      { id: 'day', title: text.day, width: '30%', cell: ({ day }) => formatDay(`${day}T12:00:00`) },
      count('approve', text.approved),
      count('review', text.held),
      count('decline', text.declined),
      count('fraud', text.frauds),
    ];
  }, [text]);
  return (
    <div className="archive-days">
      <Table caption={text.byDay} columns={columns} rows={days} rowKey={({ day }) => day} />
    </div>
  );
}
