import type { Timings } from '@trancendos/contracts/decision';
import { useMessages } from '@trancendos/shell-api';
import { formatMs, formatShare } from '@trancendos/ui';
import { TRANSACTION_MESSAGES } from './transaction-messages.ts';

const STAGES = ['ingest', 'to_scoring', 'scoring', 'to_ledger', 'ledger'] as const satisfies readonly (keyof Timings)[];
/** Between services, in the broker. */
const ON_THE_WAY: ReadonlySet<keyof Timings> = new Set(['to_scoring', 'to_ledger']);

/** How long each stage took, as a bar to scale with its figures below. */
export function StageBar({ timings }: { readonly timings: Timings }) {
  const text = useMessages(TRANSACTION_MESSAGES);
  const stages = STAGES.flatMap((stage) => {
    const ms = timings[stage];
    return ms === undefined ? [] : [{ stage, ms }];
  });
  const totalMs = stages.reduce((sum, { ms }) => sum + ms, 0);
  return (
    <section className="archive-part" aria-label={text.timings}>
      <h2>
        {text.timings}
        {totalMs > 0 && <span className="num"> {formatMs(totalMs)} ms</span>}
      </h2>
      {stages.length === 0 ? (
        <p className="second">{text.noTimings}</p>
      ) : (
        <>
          <div className="archive-stages" aria-hidden>
            {stages.map(({ stage, ms }) => (
              <i key={stage} data-way={ON_THE_WAY.has(stage)} style={{ flexGrow: Math.max(ms, totalMs / 100) }} />
            ))}
          </div>
          <dl className="facts num">
            {stages.map(({ stage, ms }) => (
              <div key={stage} className="contents">
                <dt>
                  <i className="archive-swatch" data-way={ON_THE_WAY.has(stage)} aria-hidden /> {text[stage]}
                </dt>
                <dd>
                  {formatMs(ms)} ms <small>{formatShare(ms, totalMs)}</small>
                </dd>
              </div>
            ))}
          </dl>
        </>
      )}
    </section>
  );
}
