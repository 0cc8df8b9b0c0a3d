import type { Reason } from '@trancendos/contracts/decision';
import { useMessages } from '@trancendos/shell-api';
import { formatSigned } from '@trancendos/ui';
import { wordReason } from '../wording/word-reason.ts';
import { describeReason } from './describe-reason.ts';
import { DRAWER_MESSAGES } from './drawer-messages.ts';

/** Reasons with how far each moved the score, or what it did where it is none of the model's; the archive also knows whose rule it was. */
export function ReasonList({ reasons }: { readonly reasons: readonly Reason[] }) {
  const text = useMessages(DRAWER_MESSAGES);
  if (reasons.length === 0) return <p className="second">{text.nothingStoodOut}</p>;
  const largest = Math.max(...reasons.map(({ weight }) => Math.abs(weight ?? 0)), 1);
  return reasons.map((reason, index) => (
    <div key={`${index} ${reason.code}`} className="reason">
      <span>
        {describeReason(reason)}
        <small>{wordReason(reason)}</small>
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
