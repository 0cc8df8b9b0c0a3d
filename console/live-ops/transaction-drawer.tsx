import type { Reason } from '@trancendos/contracts/decision';
import type { FeedItem } from '@trancendos/contracts/socket';
import { X } from 'lucide-react';
import {
  formatClockMs,
  formatCount,
  formatDayClock,
  formatDuration,
  formatMoney,
  formatMs,
  formatSigned,
  useCell,
  useNow,
} from '@trancendos/ui';
import { AccountBalances, AccountTransfers } from './account-panel.tsx';
import { DecisionLabel, toneOf } from './decision-label.tsx';
import { describeReason } from './describe-reason.ts';
import { useLiveSession } from './live-session.ts';
import { WatchPanel } from './watch-panel.tsx';

/** All that is known of one outcome, beside the feed. */
export function TransactionDrawer({ item, onClose }: { readonly item: FeedItem; readonly onClose: () => void }) {
  const { payer } = item;
  return (
    <aside className="drawer" aria-label={`Transaction ${item.transaction_id}`}>
      <div>
        <div className="drawer-top">
          <span className="mono text-muted truncate">
            {item.transaction_id} · {formatClockMs(item.decided_at)}
          </span>
          <button type="button" className="icon-button" onClick={onClose} aria-label="Close" title="Close (Esc)">
            <X className="icon" aria-hidden />
          </button>
        </div>
        <div className="drawer-amount">
          <h2 className="num">{formatMoney(item.amount_minor, item.currency)}</h2>
          <DecisionLabel action={item.action} />
        </div>
        <div className="second">
          {[payer.card_token, payer.account_id].filter(Boolean).join(' · ')} → {item.merchant_id}
          {item.terminal_id !== null && `, terminal ${item.terminal_id}`}
        </div>
        <div className="second num">occurred {formatDayClock(item.occurred_at)}</div>
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
  const thresholds = useCell(useLiveSession().hello)?.thresholds;
  const at = (score: number) => `${score / 10}%`;
  return (
    <section>
      <h3>Score</h3>
      <div className="gauge">
        <b className="num" data-tone={toneOf(item.action)}>
          {item.score}
        </b>
        <div className="gauge-bar" role="img" aria-label={`${item.score} of 1000`}>
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
        {thresholds && <span>review from {thresholds.review}</span>}
        {thresholds && <span>decline from {thresholds.decline}</span>}
        <span>{item.model ?? 'rules only'}</span>
      </div>
      {item.degraded && <div className="second text-warn mt-1">Decided with less than usual: a step was skipped.</div>}
    </section>
  );
}

const BINDING = { raises: 'raises', lowers: 'lowers', blocks: 'blocks', holds: 'holds' } as const;

function Reasons({ reasons }: { readonly reasons: readonly Reason[] }) {
  const largest = Math.max(...reasons.map(({ weight }) => Math.abs(weight ?? 0)), 1);
  return (
    <section>
      <h3>What moved it</h3>
      {reasons.length === 0 && <div className="second">No single fact stood out.</div>}
      {reasons.map((reason, index) => (
        <div key={`${index} ${reason.code}`} className="reason">
          <span>
            {describeReason(reason)}
            <small>{reason.message}</small>
          </span>
          <span className="reason-bar" aria-hidden>
            {reason.weight !== null && <WeightBar share={reason.weight / largest} />}
          </span>
          <b className="num">{reason.weight === null ? BINDING[reason.effect] : formatSigned(reason.weight)}</b>
        </div>
      ))}
    </section>
  );
}

/** From the middle to the right where it raises the score, to the left where it lowers it. */
function WeightBar({ share }: { readonly share: number }) {
  const width = `${Math.max(1, Math.abs(share) * 50)}%`;
  return share < 0 ? <i className="bg-ok" style={{ right: '50%', width }} /> : <i className="bg-bad" style={{ left: '50%', width }} />;
}

const STATES = {
  posted: { word: 'posted', tone: 'ok', title: 'Payment' },
  pending: { word: 'pending', tone: 'warn', title: 'Hold' },
  voided: { word: 'voided', tone: undefined, title: 'Hold' },
  none: { word: 'no money moved', tone: undefined, title: 'Nothing' },
} as const;

function MoneyState({ item }: { readonly item: FeedItem }) {
  const nowMs = useNow(1_000);
  const { state, transfer_id, expires_at } = item.money;
  const { word, tone, title } = STATES[state];
  return (
    <section>
      <h3>Money</h3>
      <div className="line num">
        <span>{state === 'none' ? 'No transfer' : `${title} to ${item.merchant_id}`}</span>
        {state !== 'none' && <span>{formatMoney(item.amount_minor, item.currency)}</span>}
        <span data-tone={tone}>{word}</span>
      </div>
      <div className="line second num">
        <span className="mono truncate" title={transfer_id ?? undefined}>
          {transfer_id ?? ''}
        </span>
        {state === 'pending' && expires_at !== null && <span>expires in {formatDuration(Date.parse(expires_at) - nowMs)}</span>}
        <span>seq {formatCount(item.ledger_seq)}</span>
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
  const stages = STAGES.flatMap(([stage, name]) => {
    const ms = item.timings_ms[stage];
    return ms === undefined ? [] : [{ stage, name, ms }];
  });
  return (
    <section>
      <h3 className="num">Path, {formatMs(item.total_ms)} ms</h3>
      <div className="path num">
        {stages.map(({ stage, name, ms }) => (
          <span
            key={stage}
            data-own={name !== 'broker'}
            style={{ flexGrow: Math.max(ms, item.total_ms / 20) }}
            title={`${name} ${formatMs(ms)} ms`}
          >
            <b>{formatMs(ms)}</b>
            <small>{name}</small>
          </span>
        ))}
      </div>
    </section>
  );
}
