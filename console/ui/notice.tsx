import { Inbox, LockKeyhole, RotateCcw, TriangleAlert, type LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';

export interface NoticeProps {
  readonly title: string;
  readonly children?: ReactNode;
  readonly Icon?: LucideIcon;
  readonly tone?: 'muted' | 'bad' | 'warn';
  /** What the reader can do. */
  readonly action?: ReactNode;
}

/**
 * Stands where a page or a panel would stand, and says why it does not. It is no section of its own: the panel around it is one, and several
 * panels can say the same.
 */
export function Notice({ title, children, Icon = TriangleAlert, tone = 'bad', action }: NoticeProps) {
  return (
    <div className="notice" role={tone === 'bad' ? 'alert' : undefined}>
      <span className="notice-icon">
        <Icon className="icon" data-tone={tone} aria-hidden />
      </span>
      <h2>{title}</h2>
      {children !== undefined && <p>{children}</p>}
      {action}
    </div>
  );
}

/** There is nothing, and that is no fault. */
export function EmptyState({ title, children, action, Icon = Inbox }: Omit<NoticeProps, 'tone'>) {
  return (
    <Notice title={title} tone="muted" Icon={Icon} action={action}>
      {children}
    </Notice>
  );
}

/** The reader may not see it; `children` says what it takes and who can grant it. */
export function DeniedPanel({ title, children }: Pick<NoticeProps, 'title' | 'children'>) {
  return (
    <Notice title={title} tone="muted" Icon={LockKeyhole}>
      {children}
    </Notice>
  );
}

export interface ErrorPanelProps {
  readonly title: string;
  readonly children?: ReactNode;
  /** What the reader can name when asking for help. */
  readonly requestId?: string | undefined;
  readonly requestLabel?: string;
  readonly retryLabel: string;
  readonly onRetry: () => void;
}

/** It failed; says what, under which request id, and how to try again. */
export function ErrorPanel({ title, children, requestId, requestLabel = 'request', retryLabel, onRetry }: ErrorPanelProps) {
  const retry = (
    <button type="button" className="button" onClick={onRetry}>
      <RotateCcw className="icon" aria-hidden /> {retryLabel}
    </button>
  );
  return (
    <Notice title={title} action={retry}>
      {children}
      {requestId !== undefined && (
        <>
          {' '}
          {requestLabel} <code className="mono">{requestId}</code>
        </>
      )}
    </Notice>
  );
}
