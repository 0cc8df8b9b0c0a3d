import type { Reason } from '@trancendos/contracts/decision';
import type { Outcome } from '@trancendos/contracts/outcome';
import { useMessages } from '@trancendos/shell-api';
import { formatShare, formatSigned } from '@trancendos/ui';
import { toneOf } from './decision-label.tsx';
import { describeReason } from './describe-reason.ts';
import { TRANSACTION_MESSAGES } from './transaction-messages.ts';

/** Why it was decided so: the score against what would have been another decision, and the facts that moved it. */
export function ScoreReasons({ outcome }: { readonly outcome: Outcome }) {
  const text = useMessages(TRANSACTION_MESSAGES);
  const { reasons, indeterminate_rules = [], degraded_causes } = outcome;
  return (
    <section className="archive-part" aria-label={text.reasons}>
      <h2>{text.reasons}</h2>
      {outcome.versions.model === null ? <p className="second">{text.noScore}</p> : <Gauge outcome={outcome} />}
      <div className="archive-reasons">
        {reasons.length === 0 && <p className="second">{text.noReasons}</p>}
        <ReasonList reasons={reasons} />
      </div>
      {indeterminate_rules.length > 0 && (
        <p className="second">
          {text.indeterminate}: <span className="mono">{indeterminate_rules.join(', ')}</span>
        </p>
      )}
      {degraded_causes.length > 0 && (
        <p className="second text-warn">
          {text.causes}: {degraded_causes.map((cause) => text[cause]).join(', ')}
        </p>
      )}
    </section>
  );
}

/** The score on its scale, with the marks from which this amount is held and declined. */
function Gauge({ outcome: { score, action, band, probability, cutoffs } }: { readonly outcome: Outcome }) {
  const text = useMessages(TRANSACTION_MESSAGES);
  const toScore = (chance: number | null | undefined) => (typeof chance === 'number' ? Math.round(chance * 1_000) : 1_000);
  const review = toScore(cutoffs?.review);
  const decline = Math.max(review, toScore(cutoffs?.decline));
  const at = (value: number) => `${value / 10}%`;
  return (
    <div className="archive-gauge">
      <div className="gauge">
        <b className="num" data-tone={toneOf(action)}>
          {score}
        </b>
        <div className="gauge-bar" role="img" aria-label={text.gauge(String(score))}>
          {cutoffs ? (
            <>
              <i className="bg-ok" style={{ width: at(review) }} />
              <i className="bg-warn" style={{ width: at(decline - review) }} />
              <i className="bg-bad grow" />
            </>
          ) : (
            <i className="bg-line-strong grow" />
          )}
          <u style={{ left: at(score) }} />
        </div>
      </div>
      <div className="second num archive-gauge-words">
        {band && <b>{text[band]}</b>}
        {probability !== undefined && <span>{text.probability(formatShare(probability, 1))}</span>}
        {cutoffs && (
          <span>
            {cutoffs.review === null ? text.neverHeld : text.heldFrom(String(review))},{' '}
            {cutoffs.decline === null ? text.neverDeclined : text.declinedFrom(String(decline))} {text.forAmount}
          </span>
        )}
      </div>
    </div>
  );
}

function ReasonList({ reasons }: { readonly reasons: readonly Reason[] }) {
  const text = useMessages(TRANSACTION_MESSAGES);
  const largest = Math.max(...reasons.map(({ weight }) => Math.abs(weight ?? 0)), 1);
  return reasons.map((reason, index) => (
    <div key={`${index} ${reason.code}`} className="reason">
      <span>
        {describeReason(reason)}
        <small>{reason.message}</small>
        {reason.rule !== undefined && <small className="mono">{reason.rule}</small>}
      </span>
      <span className="reason-bar" aria-hidden>
        {reason.weight !== null && <WeightBar share={reason.weight / largest} />}
      </span>
      <b className="num">{reason.weight === null ? text[reason.effect] : formatSigned(reason.weight)}</b>
    </div>
  ));
}

/** From the middle to the right where it raises the score, to the left where it lowers it. */
function WeightBar({ share }: { readonly share: number }) {
  const width = `${Math.max(1, Math.abs(share) * 50)}%`;
  return share < 0 ? <i className="bg-ok" style={{ right: '50%', width }} /> : <i className="bg-bad" style={{ left: '50%', width }} />;
}
