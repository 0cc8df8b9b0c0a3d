import { Clock } from 'lucide-react';
import type { ReactNode } from 'react';
import { useMessages } from './define-messages.ts';
import { formatClock } from './format-time.ts';
import { UI_MESSAGES } from './messages.ts';

/** The three signal colours mean approve, review and decline; everything else is neutral or accent. */
export type Tone = 'neutral' | 'accent' | 'ok' | 'warn' | 'bad';

/** A short word about a thing. An icon goes into `children`, because colour alone says nothing. */
export function Badge({
  tone = 'neutral',
  title,
  children,
}: {
  readonly tone?: Tone;
  readonly title?: string;
  readonly children: ReactNode;
}) {
  return (
    <span className="badge" data-tone={tone} title={title}>
      {children}
    </span>
  );
}

/** Says that numbers are those of an earlier moment. */
export function StaleBadge({ atMs }: { readonly atMs: number }) {
  const text = useMessages(UI_MESSAGES);
  return (
    <Badge tone="warn" title={text.staleHint}>
      <Clock className="icon" aria-hidden /> <span className="num">{text.asOf(formatClock(atMs))}</span>
    </Badge>
  );
}
