import type { Insights } from '@trancendos/contracts/archive';
import { useMessages } from '@trancendos/shell-api';
import { formatCount, formatMoney, formatShare, StatStrip, StatTile } from '@trancendos/ui';
import { mainMoney } from './compare-bars.ts';
import { INSIGHTS_MESSAGES } from './messages.ts';

/** The rates of the time, each with that of the time before. */
export function RateStrip({ insights: { totals, previous } }: { readonly insights: Insights }) {
  const text = useMessages(INSIGHTS_MESSAGES);
  const before = (share: string) => (previous.totals.decisions === 0 ? undefined : text.before(share));
  const action = (name: 'approve' | 'review' | 'decline') => ({
    value: formatShare(totals[name], totals.decisions),
    second: before(formatShare(previous.totals[name], previous.totals.decisions)),
  });
  const money = mainMoney(totals);
  return (
    <StatStrip label={text.rates}>
      <StatTile
        label={text.decisions}
        value={formatCount(totals.decisions)}
        second={previous.totals.decisions > 0 ? text.before(formatCount(previous.totals.decisions)) : undefined}
      />
      <StatTile label={text.approval} {...action('approve')} />
      <StatTile label={text.review} {...action('review')} />
      <StatTile label={text.decline} {...action('decline')} />
      <StatTile
        label={text.fraud}
        value={formatShare(totals.fraud, totals.decisions)}
        second={text.labelled(formatCount(totals.fraud + totals.genuine))}
      />
      <StatTile
        label={text.falsePositives}
        value={formatShare(totals.false_positives, totals.false_positives + totals.frauds_stopped)}
        second={before(formatShare(previous.totals.false_positives, previous.totals.false_positives + previous.totals.frauds_stopped))}
      />
      <StatTile
        label={text.prevented}
        value={money ? formatMoney(money.prevented_minor, money.currency) : '–'}
        second={money && text.lost(formatMoney(money.lost_minor, money.currency))}
      />
    </StatStrip>
  );
}
