import { CircleCheck, CircleHelp, CircleX } from 'lucide-react';
import type { DecisionLine } from '@trancendos/contracts/archive';
import { useMessages } from '@trancendos/shell-api';
import { ARCHIVE_MESSAGES } from './archive-messages.ts';

/** What a payment turned out to be: icon and word. One that may still turn out otherwise says so. */
export function LabelBadge({ label }: { readonly label: NonNullable<DecisionLine['label']> }) {
  const text = useMessages(ARCHIVE_MESSAGES);
  const isFinal = label.maturity === 'final';
  const Icon = !isFinal ? CircleHelp : label.fraud ? CircleX : CircleCheck;
  return (
    <span className="archive-label" data-fraud={label.fraud}>
      <Icon className="icon" aria-hidden />
      {label.fraud ? text.fraud : text.genuine}
      {!isFinal && <small> {text.provisional}</small>}
    </span>
  );
}
