import type { Insights, InsightTotals } from '@trancendos/contracts/archive';

/** The parts of the insights that are tables. */
export const INSIGHT_TABLES = ['series', 'merchants', 'money', 'latency', 'scores', 'reasons'] as const;
export type InsightTable = (typeof INSIGHT_TABLES)[number];

type Row = Readonly<Record<string, string | number | null>>;

/** One table of the insights as CSV with a header (RFC 4180). Nothing in it is a formula to a spreadsheet: ids begin with a letter or digit. */
export function exportInsights(insights: Insights, table: InsightTable): string {
  const rows = rowsOf(insights, table);
  const [first] = rows;
  if (!first) return '';
  return [Object.keys(first), ...rows.map((row) => Object.values(row))].map(csvLine).join('');
}

function rowsOf(insights: Insights, table: InsightTable): readonly Row[] {
  switch (table) {
    case 'merchants':
      return insights.merchants.map(({ merchant_id, totals }) => ({ merchant_id, ...withoutMoney(totals) }));
    case 'money':
      return [
        ...insights.totals.money.map((money) => ({ merchant_id: insights.merchant_id, ...money })),
        ...insights.merchants.flatMap(({ merchant_id, totals }) => totals.money.map((money) => ({ merchant_id, ...money }))),
      ];
    default:
      return insights[table];
  }
}

function withoutMoney(totals: InsightTotals): Row {
  const { money, ...rest } = totals;
  return { ...rest, currencies: money.map(({ currency }) => currency).join(' ') };
}

function csvLine(fields: readonly (string | number | null)[]): string {
  return (
    fields
      .map((field) => String(field ?? ''))
      .map((text) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text))
      .join(',') + '\r\n'
  );
}
