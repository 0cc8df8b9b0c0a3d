import type { EntityProfile, EntityType } from '@trancendos/contracts/archive';
import { useMessages } from '@trancendos/shell-api';
import { formatCount, formatDuration, formatMoney, useNow } from '@trancendos/ui';
import { EntityLink } from './entity-link.tsx';
import { ENTITY_MESSAGES } from './entity-messages.ts';

const TITLES = { merchant: 'merchants', terminal: 'terminals', account: 'accounts', card: 'cards' } as const satisfies Record<
  EntityType,
  string
>;
const ORDER = Object.keys(TITLES) as EntityType[];

/** Whom its decisions name besides, those it met most often first. */
export function EntityCounterparts({ profile: { counterparts, counted } }: { readonly profile: EntityProfile }) {
  const text = useMessages(ENTITY_MESSAGES);
  const met = ORDER.filter((type) => counterparts[type].length > 0);
  if (met.length === 0)
    return (
      <section className="archive-part" aria-label={text.met}>
        <h2>{text.met}</h2>
        <p className="second">{text.metNobody}</p>
      </section>
    );
  return met.map((type) => (
    <section key={type} className="archive-part" aria-label={text[TITLES[type]]}>
      <h2>{text[TITLES[type]]}</h2>
      <CounterpartList type={type} counterparts={counterparts[type]} counted={counted} />
    </section>
  ));
}

interface CounterpartListProps {
  readonly type: EntityType;
  readonly counterparts: EntityProfile['counterparts'][EntityType];
  readonly counted: number;
}

function CounterpartList({ type, counterparts, counted }: CounterpartListProps) {
  const text = useMessages(ENTITY_MESSAGES);
  const nowMs = useNow(10_000);
  const most = Math.max(...counterparts.map(({ decisions }) => decisions), 1);
  return (
    <ol className="archive-met num">
      {counterparts.map(({ id, decisions, last_seen_at }) => (
        <li key={id}>
          <EntityLink type={type} id={id} />
          <i aria-hidden>
            <u style={{ width: `${(100 * decisions) / Math.max(most, counted / 50)}%` }} />
          </i>
          <b>{formatCount(decisions)}</b>
          <small>{text.ago(formatDuration(nowMs - Date.parse(last_seen_at)))}</small>
        </li>
      ))}
    </ol>
  );
}

/** What was paid in each currency, and what became of it. */
export function EntityAmounts({ profile: { amounts } }: { readonly profile: EntityProfile }) {
  const text = useMessages(ENTITY_MESSAGES);
  if (amounts.length === 0) return null;
  return (
    <section className="archive-part" aria-label={text.amounts}>
      <h2>{text.amounts}</h2>
      <dl className="facts num">
        {amounts.map(({ currency, amount_minor, approved_minor, fraud_minor }) => (
          <div key={currency} className="contents">
            <dt>{currency}</dt>
            <dd>
              {formatMoney(amount_minor, currency)}
              <br />
              <small>
                {formatMoney(approved_minor, currency)} {text.approvedAmount}
                {fraud_minor !== '0' && `, ${formatMoney(fraud_minor, currency)} ${text.fraudAmount}`}
              </small>
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
