import type { Insights } from '@trancendos/contracts/archive';
import { useMessages } from '@trancendos/shell-api';
import { formatCount, formatMs, formatShare, Table, type Column } from '@trancendos/ui';
import { INSIGHTS_MESSAGES } from './messages.ts';

type Part<K extends 'latency' | 'reasons' | 'scores'> = Insights[K][number];

interface InsightsProps {
  readonly insights: Insights;
}

const ms = (value: number | null) => (value === null ? '–' : `${formatMs(value)} ms`);

/** Percentiles of every stage of a decision's way. */
export function LatencyTable({ insights: { latency } }: InsightsProps) {
  const text = useMessages(INSIGHTS_MESSAGES);
  const columns: readonly Column<Part<'latency'>>[] = [
    { id: 'stage', title: text.stage, cell: ({ stage }) => text[`stage_${stage}`] },
    ...(['p50', 'p95', 'p99'] as const).map((name) => ({
      id: name,
      title: name,
      align: 'end' as const,
      width: '92px',
      cell: (row: Part<'latency'>) => ms(row[name]),
    })),
  ];
  return (
    <section className="insights-part">
      <h2>{text.latency}</h2>
      <Table caption={text.latency} columns={columns} rows={latency} rowKey={({ stage }) => stage} />
    </section>
  );
}

/** What decisions were explained with most often. */
export function ReasonTable({ insights: { reasons, totals } }: InsightsProps) {
  const text = useMessages(INSIGHTS_MESSAGES);
  const columns: readonly Column<Part<'reasons'>>[] = [
    { id: 'reason', title: text.reason, cell: ({ code }) => code.replaceAll('_', ' ') },
    { id: 'share', title: text.share, align: 'end', width: '92px', cell: ({ decisions }) => formatShare(decisions, totals.decisions) },
    { id: 'review', title: text.review, align: 'end', width: '92px', cell: ({ review }) => formatCount(review) },
    { id: 'decline', title: text.decline, align: 'end', width: '92px', cell: ({ decline }) => formatCount(decline) },
  ];
  return (
    <section className="insights-part">
      <h2>{text.reasons}</h2>
      <Table caption={text.reasons} columns={columns} rows={reasons.slice(0, 10)} rowKey={({ code }) => code} />
    </section>
  );
}

/** How scores are spread. Widths of the bars go by the root of the share, so that few high scores can be seen beside many low ones. */
export function ScoreTable({ insights: { scores } }: InsightsProps) {
  const text = useMessages(INSIGHTS_MESSAGES);
  const countOf = ({ approve, review, decline }: Part<'scores'>) => approve + review + decline;
  const all = scores.reduce((sum, bucket) => sum + countOf(bucket), 0);
  const columns: readonly Column<Part<'scores'>>[] = [
    { id: 'score', title: text.score, width: '104px', cell: ({ from, to }) => `${from}–${to === 1_000 ? to : to - 1}` },
    {
      id: 'bar',
      title: text.share,
      cell: (bucket) => (
        <i
          className="insights-bar-line"
          style={{ width: `${all === 0 ? 0 : 100 * Math.sqrt(countOf(bucket) / all)}%` }}
          data-action={mostOf(bucket)}
          aria-hidden
        />
      ),
    },
    { id: 'share', title: '%', align: 'end', width: '84px', cell: (bucket) => formatShare(countOf(bucket), all) },
    { id: 'count', title: text.decisions, align: 'end', width: '92px', cell: (bucket) => formatCount(countOf(bucket)) },
  ];
  return (
    <section className="insights-part">
      <h2>{text.scores}</h2>
      <Table caption={text.scores} columns={columns} rows={scores} rowKey={({ from }) => String(from)} />
    </section>
  );
}

/** What most payments of a bucket got. */
function mostOf({ approve, review, decline }: Part<'scores'>): 'approve' | 'review' | 'decline' {
  if (decline > approve && decline >= review) return 'decline';
  return review > approve ? 'review' : 'approve';
}
