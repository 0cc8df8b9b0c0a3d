import type { Reason } from '@trancendos/contracts/decision';
import type { FeedItem } from '@trancendos/contracts/socket';
import { X } from 'lucide-react';
import { useMessages } from '@trancendos/shell-api';
import { formatClockMs, formatCount, formatDayClock, formatDuration, formatMoney, formatMs, useCell, useNow } from '@trancendos/ui';
import { AccountBalances, AccountTransfers } from './account-panel.tsx';
import { DecisionLabel, toneOf } from './decision-label.tsx';
import { DRAWER_MESSAGES } from './drawer-messages.ts';
import { useLiveSession } from './live-session.ts';
import { OpenPage } from './open-page.tsx';
import { ReasonList } from './reason-list.tsx';
import { WatchPanel } from './watch-panel.tsx';

/** All that is known of one outcome, beside the feed. */
export function TransactionDrawer({ item, onClose }: { readonly item: FeedItem; readonly onClose: () => void }) {
  const text = useMessages(DRAWER_MESSAGES);
  const { payer } = item;
  return (
    <aside className="drawer" aria-label={text.transaction(item.transaction_id)}>
      <div>
        <div className="drawer-top">
          <span className="mono text-muted truncate">
            {item.transaction_id} · {formatClockMs(item.decided_at)}
          </span>
          <button type="button" className="icon-button" onClick={onClose} aria-label={text.close} title={`${text.close} (Esc)`}>
            <X className="icon" aria-hidden />
          </button>
        </div>
        <div className="drawer-amount">
          <h2 className="num">{formatMoney(item.amount_minor, item.currency)}</h2>
          <DecisionLabel action={item.action} />
        </div>
        <div className="second">
          {[payer.card_token, payer.account_id].filter(Boolean).join(' · ')} → {item.merchant_id}
          {item.terminal_id !== null && text.terminal(item.terminal_id)}
        </div>
        <div className="second num">{text.occurred(formatDayClock(item.occurred_at))}</div>
        <div className="drawer-open">
          <OpenPage item={item} />
        </div>
      </div>
      <Score item={item} />
      <Reasons reasons={item.reasons} />
      <WatchPanel item={item} />
      <MoneyState item={item} />
      <AccountBalances item={item} />
      <Path item={item} />
      <AccountTransfers item={item} />
    </aside>
  );
}

function Score({ item }: { readonly item: FeedItem }) {
  const text = useMessages(DRAWER_MESSAGES);
  const thresholds = useCell(useLiveSession().hello)?.thresholds;
  const at = (score: number) => `${score / 10}%`;
  return (
    <section>
      <h3>{text.score}</h3>
      <div className="gauge">
        <b className="num" data-tone={toneOf(item.action)}>
          {item.score}
        </b>
        <div className="gauge-bar" role="img" aria-label={text.ofThousand(item.score)}>
          {thresholds && (
            <>
              <i className="bg-ok" style={{ width: at(thresholds.review) }} />
              <i className="bg-warn" style={{ width: at(thresholds.decline - thresholds.review) }} />
              <i className="bg-bad grow" />
            </>
          )}
          {!thresholds && <i className="bg-line-strong grow" />}
          <u style={{ left: at(item.score) }} />
        </div>
      </div>
      <div className="second num mt-1.5 flex justify-between">
        {thresholds && <span>{text.reviewFrom(thresholds.review)}</span>}
        {thresholds && <span>{text.declineFrom(thresholds.decline)}</span>}
        <span>{item.model ?? text.rulesOnly}</span>
      </div>
      {item.degraded && <div className="second text-warn mt-1">{text.degraded}</div>}
    </section>
  );
}

function Reasons({ reasons }: { readonly reasons: readonly Reason[] }) {
  const text = useMessages(DRAWER_MESSAGES);
  return (
    <section>
      <h3>{text.whatMovedIt}</h3>
      <ReasonList reasons={reasons} />
    </section>
  );
}

const STATES = {
  posted: { tone: 'ok', title: 'paymentTo' },
  pending: { tone: 'warn', title: 'holdTo' },
  voided: { tone: undefined, title: 'holdTo' },
  none: { tone: undefined, title: undefined },
} as const;

function MoneyState({ item }: { readonly item: FeedItem }) {
  const text = useMessages(DRAWER_MESSAGES);
  const nowMs = useNow(1_000);
  const { state, transfer_id, expires_at } = item.money;
  const { tone, title } = STATES[state];
  return (
    <section>
      <h3>{text.money}</h3>
      <div className="line num">
        <span>{title === undefined ? text.noTransfer : text[title](item.merchant_id)}</span>
        {state !== 'none' && <span>{formatMoney(item.amount_minor, item.currency)}</span>}
        <span data-tone={tone}>{text[state]}</span>
      </div>
      <div className="line second num">
        <span className="mono truncate" title={transfer_id ?? undefined}>
          {transfer_id ?? ''}
        </span>
        {state === 'pending' && expires_at !== null && <span>{text.expiresIn(formatDuration(Date.parse(expires_at) - nowMs))}</span>}
        <span>{text.seq(formatCount(item.ledger_seq))}</span>
      </div>
    </section>
  );
}

const STAGES = [
  ['ingest', 'ingest'],
  ['to_scoring', 'broker'],
  ['scoring', 'scoring'],
  ['to_ledger', 'broker'],
  ['ledger', 'ledger'],
] as const;

function Path({ item }: { readonly item: FeedItem }) {
  const text = useMessages(DRAWER_MESSAGES);
  const stages = STAGES.flatMap(([stage, name]) => {
    const ms = item.timings_ms[stage];
    return ms === undefined ? [] : [{ stage, name, ms }];
  });
  return (
    <section>
      <h3 className="num">{text.path(formatMs(item.total_ms))}</h3>
      <div className="path num">
        {stages.map(({ stage, name, ms }) => (
          <span
            key={stage}
            data-own={name !== 'broker'}
            style={{ flexGrow: Math.max(ms, item.total_ms / 20) }}
            title={`${text[name]} ${formatMs(ms)} ms`}
          >
            <b>{formatMs(ms)}</b>
            <small>{text[name]}</small>
          </span>
        ))}
      </div>
    </section>
  );
}
