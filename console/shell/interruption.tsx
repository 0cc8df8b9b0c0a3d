import { RefreshCw, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { useMessages, useSocket } from '@trancendos/shell-api';
import { formatDuration, useCell, useNow } from '@trancendos/ui';
import { IdleDialog } from './idle-dialog.tsx';
import type { OwnShell } from './make-shell.ts';
import { SHELL_MESSAGES } from './messages.ts';
import { SessionNotice } from './session-notice.tsx';
import { SetUpPage } from './set-up-page.tsx';
import { SignInPage } from './sign-in-page.tsx';

const BANNER_AFTER_MS = 2_000;

export interface InterruptionProps {
  readonly shell: OwnShell;
  readonly isLinkRefused: boolean;
  readonly children: ReactNode;
}

/** Shows the page, with a banner over it while the connection is away, or the way to sign in instead of it. */
export function Interruption({ shell, isLinkRefused, children }: InterruptionProps) {
  const { state } = useCell(shell.link.connection);
  const { kind } = useCell(shell.session);
  const { path } = useCell(shell.location);
  const token = location.hash.slice(1);
  if (path === '/set-up' && token !== '') return <SetUpPage shell={shell} token={token} />;
  if (state === 'signed-out' || kind === 'signed-out') return <SignInPage shell={shell} isLinkRefused={isLinkRefused} />;
  return (
    <>
      <SessionNotice />
      <IdleDialog shell={shell} />
      <OutdatedBanner />
      <ReconnectingBanner />
      {children}
    </>
  );
}

function OutdatedBanner() {
  const text = useMessages(SHELL_MESSAGES);
  if (!useCell(useSocket().isOutdated)) return null;
  return (
    <div className="banner" role="status">
      <TriangleAlert className="icon text-warn" aria-hidden />
      <span>
        <b>{text.updatedTitle}</b> {text.updatedText}
      </span>
      <button type="button" className="button" onClick={() => location.reload()}>
        <RefreshCw className="icon" aria-hidden /> {text.loadNew}
      </button>
    </div>
  );
}

function ReconnectingBanner() {
  const link = useSocket();
  const text = useMessages(SHELL_MESSAGES);
  const { state, sinceMs, attempt, refused } = useCell(link.connection);
  const awayMs = useNow(1_000) - sinceMs;
  if (state === 'connected' || awayMs < BANNER_AFTER_MS) return null;
  const what = refused === 'session_store_away' ? text.storeAway : text.noGateway;
  return (
    <div className="banner" role="status">
      <TriangleAlert className="icon text-warn" aria-hidden />
      <span>
        <b>{state === 'offline' ? text.computerOffline : what}</b> {text.staysAsItWas}
      </span>
      <span className="num text-muted">
        {attempt > 0 && text.attempt(attempt)}
        {text.awayFor(formatDuration(awayMs))}
      </span>
      <button type="button" className="button" onClick={() => link.retry()}>
        <RefreshCw className="icon" aria-hidden /> {text.tryNow}
      </button>
    </div>
  );
}
