import type { ArchivedDecision, ArchivedLabel } from '@trancendos/contracts/archive';
import { useMessages } from '@trancendos/shell-api';
import { Badge, formatDayClock } from '@trancendos/ui';
import { ARCHIVE_MESSAGES } from './archive-messages.ts';
import { LabelBadge } from './label-badge.tsx';
import { TRANSACTION_MESSAGES } from './transaction-messages.ts';

/** How it turned out, by whom and since when; the last word first. */
export function LabelList({ archived: { labels, measured_fraud } }: { readonly archived: ArchivedDecision }) {
  const text = useMessages(TRANSACTION_MESSAGES);
  const measured = measured_fraud === null ? text.notMeasured : measured_fraud ? text.measuredFraud : text.measuredGenuine;
  return (
    <section className="archive-part" aria-label={text.labels}>
      <h2>
        {text.labels} {labels.length > 0 && <Badge>{measured}</Badge>}
      </h2>
      {labels.length === 0 && <p className="second">{text.noLabels}</p>}
      <ol className="archive-trail num">
        {labels.map((label) => (
          <Label key={label.label_id} label={label} />
        ))}
      </ol>
    </section>
  );
}

function Label({ label }: { readonly label: ArchivedLabel }) {
  const text = useMessages(TRANSACTION_MESSAGES);
  const shared = useMessages(ARCHIVE_MESSAGES);
  const kind = label.kind === 'genuine' ? shared.kindGenuine : shared[label.kind];
  return (
    <li>
      <div className="archive-trail-line">
        <LabelBadge label={label} />
        <span className="text-muted">{text[`source_${label.source}`]}</span>
      </div>
      <div className="second">
        {[kind, label.maturity === 'final' && text.final, label.corrects !== null && text.corrects].filter(Boolean).join(' · ')}
      </div>
      <div className="second">{text.known(formatDayClock(label.known_at))}</div>
      <div className="second">{text.received(formatDayClock(label.received_at))}</div>
    </li>
  );
}
