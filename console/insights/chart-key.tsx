import type { ReactNode } from 'react';
import { useMessages } from '@trancendos/shell-api';
import { formatDayClock } from '@trancendos/ui';
import type { Insights } from '@trancendos/contracts/archive';
import { INSIGHTS_MESSAGES } from './messages.ts';

/** What whole and dashed lines stand for, in all charts of the page; and the shapes of percentiles. */
export function ChartKey({ insights: { from, to, previous } }: { readonly insights: Insights }) {
  const text = useMessages(INSIGHTS_MESSAGES);
  const span = (one: string, other: string) => `${minuteOf(one)} – ${minuteOf(other)}`;
  return (
    <ul className="insights-key second num">
      <li>
        <Mark>
          <line x1="0" y1="6" x2="26" y2="6" stroke="var(--text)" strokeWidth="2" />
        </Mark>
        <strong>{text.now}</strong> {span(from, to)}
      </li>
      <li>
        <Mark>
          <line x1="0" y1="6" x2="26" y2="6" stroke="var(--muted)" strokeWidth="1.5" strokeDasharray="4 3" />
        </Mark>
        <strong>{text.theTimeBefore}</strong> {span(previous.from, previous.to)}
      </li>
      <li>
        <Mark>
          <circle cx="13" cy="6" r="4.5" fill="var(--accent)" />
        </Mark>
        p50
      </li>
      <li>
        <Mark>
          <path d="M13 1 L19 11 L7 11 Z" fill="var(--accent)" />
        </Mark>
        p95
      </li>
      <li>
        <Mark>
          <rect x="8.5" y="1.5" width="9" height="9" fill="var(--accent)" />
        </Mark>
        p99
      </li>
    </ul>
  );
}

function Mark({ children }: { readonly children: ReactNode }) {
  return (
    <svg viewBox="0 0 26 12" width="26" height="12" aria-hidden>
      {children}
    </svg>
  );
}

function minuteOf(instant: string): string {
  return formatDayClock(instant).slice(0, -3);
}
