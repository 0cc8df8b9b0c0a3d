import { CircleCheck, CircleX } from 'lucide-react';
import type { FeedTotals } from '@trancendos/contracts/socket';
import type { LedgerSummary } from '@trancendos/contracts/http';
import { memo, useMemo, type ReactNode } from 'react';
import { useMessages } from '@trancendos/shell-api';
import { formatCount, formatDuration, formatFixed, formatMoney, formatMs, formatShare, useCell, useNow } from '@trancendos/ui';
import { LIVE_MESSAGES } from './live-messages.ts';
import { useLiveSession } from './live-session.ts';
import { shareOf, throughputOf } from './rate-series.ts';
import { Sparkline } from './sparkline.tsx';

/** The five numbers over the feed. They count every outcome, whether or not its row was sent. */
export const KpiStrip = memo(function KpiStrip() {
  const text = useMessages(LIVE_MESSAGES);
  const { feed, figuresVersion } = useLiveSession();
  useCell(figuresVersion);
  const { totals } = feed;
  return (
    <section className="kpis" aria-label={text.keyFigures}>
      <Kpi name="throughput" label={text.throughput}>
        {totals && (
          <>
            <div className="flex items-end gap-4">
              <div className="kpi-value num">
                {formatRate(totals.per_second)}
                <small> /s</small>
              </div>
              <ThroughputLine />
            </div>
            <div className="kpi-second num">{text.sinceStart(formatCount(totals.outcomes))}</div>
          </>
        )}
      </Kpi>
      <Kpi name="mix" label={text.mix}>
        {totals && <DecisionMix mix={totals.last_5_min} />}
      </Kpi>
      <Kpi name="answer" label={text.answerTime}>
        {totals && <AnswerTime answer={totals.answer_ms} />}
      </Kpi>
      <Kpi name="held" label={text.held}>
        {totals && <Held ledger={totals.ledger} />}
      </Kpi>
      <Kpi name="ledger" label={text.ledger}>
        {totals && <LedgerBalance ledger={totals.ledger} />}
      </Kpi>
    </section>
  );
});

function Kpi({ name, label, children }: { readonly name: string; readonly label: string; readonly children: ReactNode }) {
  return (
    <div className="kpi" data-kpi={name}>
      <div className="kpi-label">{label}</div>
      {children ?? (
        <div className="appear-late" aria-hidden>
          <div className="skeleton mt-2 h-5 w-24" />
          <div className="skeleton mt-2.5 h-3 w-32" />
        </div>
      )}
    </div>
  );
}

function ThroughputLine() {
  const { seconds } = useLiveSession().feed.rates;
  const lines = useMemo(() => [{ token: '--accent', points: throughputOf(seconds) }], [seconds]);
  return <Sparkline lines={lines} width={116} height={34} leastMax={1} />;
}

/** What was held and declined of all, over two minutes. */
function MixLines() {
  const { seconds } = useLiveSession().feed.rates;
  const lines = useMemo(
    () => [
      { token: '--warn', points: shareOf('review', seconds) },
      { token: '--bad', points: shareOf('decline', seconds) },
    ],
    [seconds],
  );
  return <Sparkline lines={lines} width={84} height={26} leastMax={0.05} />;
}

function DecisionMix({ mix }: { readonly mix: FeedTotals['last_5_min'] }) {
  const text = useMessages(LIVE_MESSAGES);
  const all = mix.approve + mix.review + mix.decline;
  return (
    <>
      <div className="mix-top">
        <div className="mix" aria-hidden>
          {all === 0 && <i className="grow bg-line" />}
          {mix.approve > 0 && <i className="bg-ok" style={{ flexGrow: mix.approve }} />}
          {mix.review > 0 && <i className="bg-warn" style={{ flexGrow: mix.review }} />}
          {mix.decline > 0 && <i className="bg-bad" style={{ flexGrow: mix.decline }} />}
        </div>
        <MixLines />
      </div>
      <div className="mix-legend num">
        <span>
          <b>{formatShare(mix.approve, all)}</b> {text.approve}
        </span>
        <span>
          <b>{formatShare(mix.review, all)}</b> {text.review}
        </span>
        <span>
          <b>{formatShare(mix.decline, all)}</b> {text.decline}
        </span>
      </div>
    </>
  );
}

function AnswerTime({ answer }: { readonly answer: FeedTotals['answer_ms'] }) {
  const text = useMessages(LIVE_MESSAGES);
  if (!answer) return <Nothing second={text.noAnswer} />;
  return (
    <>
      <div className="kpi-value num">
        {formatMs(answer.p50)}
        <small> ms</small>
      </div>
      <div className="kpi-second num">{text.p99(formatMs(answer.p99))}</div>
    </>
  );
}

function Held({ ledger }: { readonly ledger: LedgerSummary | null }) {
  const text = useMessages(LIVE_MESSAGES);
  const nowMs = useNow(1_000);
  const main = ledger && mainCurrency(ledger);
  if (!main) return <Nothing second={ledger ? text.nothingHeld : text.ledgerAway} />;
  const others = ledger.currencies.filter(({ currency, holds }) => currency !== main.currency && holds > 0).length;
  const oldest = ledger.oldest_hold_at === null ? '' : text.oldest(formatDuration(nowMs - Date.parse(ledger.oldest_hold_at)));
  return (
    <>
      <div className="kpi-value num">{formatMoney(main.held_minor, main.currency)}</div>
      <div className="kpi-second num">
        {text.holds(main.holds, formatCount(main.holds))}
        {oldest}
        {others > 0 && text.moreCurrencies(others)}
      </div>
    </>
  );
}

function LedgerBalance({ ledger }: { readonly ledger: LedgerSummary | null }) {
  const text = useMessages(LIVE_MESSAGES);
  if (!ledger) return <Nothing second={text.ledgerAway} />;
  const off = ledger.currencies.filter(({ balanced }) => !balanced).map(({ currency }) => currency);
  const isBalanced = off.length === 0;
  return (
    <>
      <div className={`ledger-state ${isBalanced ? 'text-ok' : 'text-bad'}`}>
        {isBalanced ? <CircleCheck className="icon" aria-hidden /> : <CircleX className="icon" aria-hidden />}
        {isBalanced ? text.balanced : text.unbalanced(off.join(', '))}
      </div>
      <div className="kpi-second num">{text.atSeq(formatCount(ledger.ledger_seq))}</div>
    </>
  );
}

function Nothing({ second }: { readonly second: string }) {
  return (
    <>
      <div className="kpi-value text-muted">–</div>
      <div className="kpi-second">{second}</div>
    </>
  );
}

/** The euro's figures where there are any, else the first currency's. */
function mainCurrency({ currencies }: LedgerSummary): LedgerSummary['currencies'][number] | undefined {
  return currencies.find(({ currency }) => currency === 'EUR') ?? currencies[0];
}

function formatRate(perSecond: number): string {
  return perSecond >= 100 ? formatCount(Math.round(perSecond)) : formatFixed(perSecond, 1);
}
