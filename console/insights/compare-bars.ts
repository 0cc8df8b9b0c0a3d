import type { Insights, InsightMoney, InsightTotals } from '@trancendos/contracts/archive';
import { formatMoney } from '@trancendos/ui';
import { nameReason } from '../wording/name-reason.ts';
import type { ComparedBar } from './charts/compare-bars.tsx';
import { formatPercent } from './format-percent.ts';

/** What is measured of decisions that were stopped, and its sums of money. */
const MONEY = [
  ['prevented', 'prevented_minor', 'ok'],
  ['lostMoney', 'lost_minor', 'bad'],
  ['falsePositiveMoney', 'false_positive_minor', 'warn'],
] as const;
export type MoneyName = (typeof MONEY)[number][0];

/** Losses prevented, losses, and genuine money that was stopped, in the currency of `mainMoney`; none where nothing was decided. */
export function compareMoney({ totals, previous }: Insights, labelOf: (name: MoneyName) => string): ComparedBar[] {
  const money = mainMoney(totals);
  if (!money) return [];
  const before = previous.totals.money.find(({ currency }) => currency === money.currency);
  return MONEY.map(([name, field, color]) => ({
    label: labelOf(name),
    value: Number(money[field]),
    valueText: formatMoney(money[field], money.currency),
    before: before ? Number(before[field]) : null,
    beforeText: before ? formatMoney(before[field], money.currency) : '–',
    color,
  }));
}

/** Shares of decisions that were explained with each of the `most` reasons given most. */
export function compareReasons({ reasons, totals }: Insights, before: Insights | undefined, most: number): ComparedBar[] {
  const shareBefore = (code: string) =>
    before && percent(before.reasons.find((reason) => reason.code === code)?.decisions ?? 0, before.totals);
  return reasons
    .slice(0, most)
    .map(({ code, decisions }) => barOf(nameReason(code), { now: percent(decisions, totals), before: shareBefore(code), color: 'accent' }));
}

/** Shares that were held or declined at the `most` merchants with most decisions. */
export function compareMerchants({ merchants }: Insights, before: Insights | undefined, most: number): ComparedBar[] {
  const stopped = (totals: InsightTotals) => percent(totals.review + totals.decline, totals);
  const shareBefore = (id: string) => {
    const same = before?.merchants.find(({ merchant_id }) => merchant_id === id);
    return same && stopped(same.totals);
  };
  const busiest = [...merchants].sort((one, other) => other.totals.decisions - one.totals.decisions).slice(0, most);
  return busiest.map(({ merchant_id: id, totals }) => barOf(id, { now: stopped(totals), before: shareBefore(id), color: 'warn' }));
}

/** Euros where there are any, else the first currency. */
export function mainMoney({ money }: InsightTotals): InsightMoney | undefined {
  return money.find(({ currency }) => currency === 'EUR') ?? money[0];
}

function barOf(
  label: string,
  { now, before, color }: { readonly now: number | null; readonly before: number | null | undefined; readonly color: ComparedBar['color'] },
): ComparedBar {
  return {
    label,
    value: now ?? 0,
    valueText: formatPercent(now),
    before: before ?? null,
    beforeText: formatPercent(before ?? null),
    color,
  };
}

function percent(part: number, { decisions }: InsightTotals): number | null {
  return decisions === 0 ? null : (100 * part) / decisions;
}
