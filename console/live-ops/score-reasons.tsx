import type { Outcome } from '@trancendos/contracts/outcome';
import { useMessages } from '@trancendos/shell-api';
import { formatShare } from '@trancendos/ui';
import { toneOf } from './decision-label.tsx';
import { ReasonList } from './reason-list.tsx';
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
