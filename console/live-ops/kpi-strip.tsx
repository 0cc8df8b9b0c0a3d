import { CircleCheck, CircleX } from 'lucide-react';
import type { FeedTotals } from '@trancendos/contracts/socket';
import type { LedgerSummary } from '@trancendos/contracts/http';
import type { ReactNode } from 'react';
import { formatCount, formatDuration, formatMoney, formatMs, formatShare, useCell, useNow } from '@trancendos/ui';
import { useLiveSession } from './live-session.ts';
import { Sparkline } from './sparkline.tsx';

/** The five numbers over the feed. They count every outcome, whether or not its row was sent. */
export function KpiStrip() {
  const session = useLiveSession();
  const version = useCell(session.feedVersion);
  const { totals } = session.feed;
  return (
    <section className="kpis" aria-label="Key figures">
      <Kpi name="throughput" label="Throughput">
        {totals && (
          <>
            <div className="flex items-end gap-4">
              <div className="kpi-value num">
                {formatRate(totals.per_second)}
                <small> /s</small>
              </div>
              <Sparkline points={session.feed.rates.throughput} version={version} />
            </div>
            <div className="kpi-second num">{formatCount(totals.outcomes)} since the gateway started</div>
          </>
        )}
      </Kpi>
      <Kpi name="mix" label="Decisions, last 5 min">
        {totals && <DecisionMix mix={totals.last_5_min} />}
      </Kpi>
      <Kpi name="answer" label="Answer time">
        {totals && <AnswerTime answer={totals.answer_ms} />}
      </Kpi>
      <Kpi name="held" label="Held for review">
        {totals && <Held ledger={totals.ledger} />}
      </Kpi>
      <Kpi name="ledger" label="Ledger">
        {totals && <LedgerBalance ledger={totals.ledger} />}
      </Kpi>
    </section>
  );
}

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

function DecisionMix({ mix }: { readonly mix: FeedTotals['last_5_min'] }) {
  const all = mix.approve + mix.review + mix.decline;
  return (
    <>
      <div className="mix" aria-hidden>
        {all === 0 && <i className="grow bg-line" />}
        {mix.approve > 0 && <i className="bg-ok" style={{ flexGrow: mix.approve }} />}
        {mix.review > 0 && <i className="bg-warn" style={{ flexGrow: mix.review }} />}
        {mix.decline > 0 && <i className="bg-bad" style={{ flexGrow: mix.decline }} />}
      </div>
      <div className="mix-legend num">
        <span>
          <b>{formatShare(mix.approve, all)}</b> approve
        </span>
        <span>
          <b>{formatShare(mix.review, all)}</b> review
        </span>
        <span>
          <b>{formatShare(mix.decline, all)}</b> decline
        </span>
      </div>
    </>
  );
}

function AnswerTime({ answer }: { readonly answer: FeedTotals['answer_ms'] }) {
  if (!answer) return <Nothing second="no answer in the last minute" />;
  return (
    <>
      <div className="kpi-value num">
        {formatMs(answer.p50)}
        <small> ms</small>
      </div>
      <div className="kpi-second num">p50, p99 {formatMs(answer.p99)} ms</div>
    </>
  );
}

function Held({ ledger }: { readonly ledger: LedgerSummary | null }) {
  const nowMs = useNow(1_000);
  const main = ledger && mainCurrency(ledger);
  if (!main) return <Nothing second={ledger ? 'nothing is held' : 'the ledger does not answer'} />;
  const others = ledger.currencies.filter(({ currency, holds }) => currency !== main.currency && holds > 0).length;
  const oldest = ledger.oldest_hold_at === null ? '' : `, oldest ${formatDuration(nowMs - Date.parse(ledger.oldest_hold_at))}`;
  return (
    <>
      <div className="kpi-value num">{formatMoney(main.held_minor, main.currency)}</div>
      <div className="kpi-second num">
        {formatCount(main.holds)} {main.holds === 1 ? 'hold' : 'holds'}
        {oldest}
        {others > 0 && `, +${others} ${others === 1 ? 'currency' : 'currencies'}`}
      </div>
    </>
  );
}

function LedgerBalance({ ledger }: { readonly ledger: LedgerSummary | null }) {
  if (!ledger) return <Nothing second="the ledger does not answer" />;
  const off = ledger.currencies.filter(({ balanced }) => !balanced).map(({ currency }) => currency);
  const isBalanced = off.length === 0;
  return (
    <>
      <div className={`ledger-state ${isBalanced ? 'text-ok' : 'text-bad'}`}>
        {isBalanced ? <CircleCheck className="icon" aria-hidden /> : <CircleX className="icon" aria-hidden />}
        {isBalanced ? 'Debits = credits' : `Out of balance: ${off.join(', ')}`}
      </div>
      <div className="kpi-second num">at seq {formatCount(ledger.ledger_seq)}</div>
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
  return perSecond >= 100 ? formatCount(Math.round(perSecond)) : perSecond.toFixed(1);
}
