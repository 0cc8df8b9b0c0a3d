import type { EntityProfile } from '@trancendos/contracts/archive';
import { useMessages } from '@trancendos/shell-api';
import { formatCount, formatDay, formatDuration, formatMoney, formatShare, StatStrip, StatTile, useNow } from '@trancendos/ui';
import { ENTITY_MESSAGES } from './entity-messages.ts';
import { averageMinor } from './plot-decisions.ts';

/** What the decisions of an entity add up to. */
export function EntityFigures({ profile }: { readonly profile: EntityProfile }) {
  const text = useMessages(ENTITY_MESSAGES);
  const nowMs = useNow(1_000);
  const { counted, complete, counted_since, actions, labels, first_seen_at, last_seen_at } = profile;
  const [most] = [...profile.amounts].sort((one, other) => other.decisions - one.decisions);
  const average = most && averageMinor(most.amount_minor, most.decisions);
  return (
    <StatStrip label={text.profile}>
      <StatTile
        label={text.decisions}
        value={formatCount(counted)}
        second={complete ? text.since(formatDay(counted_since)) : text.newest(formatCount(counted), formatDay(counted_since))}
      />
      <StatTile
        label={text.mix}
        value={formatShare(actions.approve, counted)}
        second={text.heldDeclined(formatCount(actions.review), formatCount(actions.decline))}
      />
      <StatTile
        label={text.fraudRate}
        value={formatCount(labels.fraud)}
        unit={labels.fraud + labels.genuine === 0 ? '' : formatShare(labels.fraud, labels.fraud + labels.genuine)}
        second={text.ofLabelled(formatCount(labels.genuine), formatCount(labels.none))}
      />
      <StatTile
        label={text.usualAmount}
        value={most && average !== undefined ? formatMoney(average, most.currency) : '–'}
        second={most && text.altogether(formatMoney(most.amount_minor, most.currency))}
      />
      <StatTile
        label={text.lastSeen}
        value={text.ago(formatDuration(nowMs - Date.parse(last_seen_at)))}
        second={text.firstSeen(formatDay(first_seen_at))}
      />
    </StatStrip>
  );
}
