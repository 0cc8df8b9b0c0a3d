import { KeyRound, RefreshCw, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { useMessages, useSocket } from '@trancendos/shell-api';
import { formatDuration, useCell, useNow } from '@trancendos/ui';
import { SHELL_MESSAGES } from './messages.ts';

const BANNER_AFTER_MS = 2_000;

/** Shows the page, with a banner over it while the connection is away, or the way to sign in instead of it. */
export function Interruption({ isLinkRefused, children }: { readonly isLinkRefused: boolean; readonly children: ReactNode }) {
  const { state } = useCell(useSocket().connection);
  if (state === 'signed-out') return <SignedOut isLinkRefused={isLinkRefused} />;
  return (
    <>
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

function SignedOut({ isLinkRefused }: { readonly isLinkRefused: boolean }) {
  const link = useSocket();
  const text = useMessages(SHELL_MESSAGES);
  return (
    <section className="notice" aria-labelledby="signed-out-title">
      <span className="notice-icon">
        <KeyRound className="icon" aria-hidden />
      </span>
      <h2 id="signed-out-title">{isLinkRefused ? text.linkRefused : text.nobody}</h2>
      <p>
        {text.signInWith} <code className="mono">npm start</code> {text.printedLast}
      </p>
      <button type="button" className="button" onClick={() => link.retry()}>
        <RefreshCw className="icon" aria-hidden /> {text.haveSignedIn}
      </button>
    </section>
  );
}
