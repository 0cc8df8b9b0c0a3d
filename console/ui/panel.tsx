import { WifiOff } from 'lucide-react';
import type { ReactNode } from 'react';
import { StaleBadge } from './badge.tsx';
import { useMessages } from './define-messages.ts';
import { UI_MESSAGES } from './messages.ts';
import { DeniedPanel, EmptyState, ErrorPanel, Notice } from './notice.tsx';
import { SkeletonRows } from './stat-tile.tsx';

/** What is known of a thing that is read over the network. `atMs`: when it was true. */
export type PanelState<T> =
  | { readonly kind: 'loading' }
  | { readonly kind: 'ready'; readonly data: T; readonly atMs: number; readonly isStale: boolean }
  /** `isMissing`: there is no such thing, which a page may have other words for. */
  | { readonly kind: 'failed'; readonly detail: string; readonly requestId: string | undefined; readonly isMissing?: boolean }
  | { readonly kind: 'denied'; readonly reason: string }
  | { readonly kind: 'offline' };

export interface PanelProps<T> {
  readonly title?: string;
  readonly state: PanelState<T>;
  readonly onRetry: () => void;
  readonly children: (data: T) => ReactNode;
  /** Shown instead of the content where `isEmpty` holds. */
  readonly empty?: { readonly title: string; readonly text?: string; readonly action?: ReactNode };
  readonly isEmpty?: (data: T) => boolean;
  readonly skeleton?: ReactNode;
  /** At the right of the title. */
  readonly actions?: ReactNode;
}

/** A part of a page that is read by itself: it alone loads, fails, or grows old. */
export function Panel<T>({ title, state, actions, ...rest }: PanelProps<T>) {
  return (
    <section className="panel" aria-label={title} data-state={state.kind === 'ready' && state.isStale ? 'stale' : state.kind}>
      {title !== undefined && (
        <header className="panel-head">
          <h2>{title}</h2>
          {state.kind === 'ready' && state.isStale && <StaleBadge atMs={state.atMs} />}
          {actions !== undefined && <div className="panel-actions">{actions}</div>}
        </header>
      )}
      <PanelBody state={state} {...rest} />
    </section>
  );
}

function PanelBody<T>({ state, onRetry, children, empty, isEmpty, skeleton }: Omit<PanelProps<T>, 'title' | 'actions'>) {
  const text = useMessages(UI_MESSAGES);
  switch (state.kind) {
    case 'loading':
      return skeleton ?? <SkeletonRows label={text.loading} />;
    case 'failed':
      return (
        <ErrorPanel
          title={text.failedTitle}
          requestId={state.requestId}
          requestLabel={text.request}
          retryLabel={text.retry}
          onRetry={onRetry}
        >
          {state.detail}
        </ErrorPanel>
      );
    case 'denied':
      return <DeniedPanel title={text.deniedTitle}>{state.reason}</DeniedPanel>;
    case 'offline':
      return (
        <Notice title={text.offlineTitle} tone="warn" Icon={WifiOff}>
          {text.offlineText}
        </Notice>
      );
    case 'ready':
      return isEmpty?.(state.data) ? <EmptyPanel empty={empty} /> : children(state.data);
  }
}

function EmptyPanel({ empty }: { readonly empty: PanelProps<never>['empty'] }) {
  const { emptyTitle } = useMessages(UI_MESSAGES);
  return (
    <EmptyState title={empty?.title ?? emptyTitle} action={empty?.action}>
      {empty?.text}
    </EmptyState>
  );
}
