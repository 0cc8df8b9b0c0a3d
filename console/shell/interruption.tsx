import { KeyRound, RefreshCw, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { useLiveSession } from '../live-ops/live-session.ts';
import { useCell } from '../ui/cell.ts';
import { formatDuration } from '../ui/format-time.ts';
import { useNow } from '../ui/use-now.ts';

const BANNER_AFTER_MS = 2_000;

/** Shows the page, with a banner over it while the connection is away, or the way to sign in instead of it. */
export function Interruption({ isLinkRefused, children }: { readonly isLinkRefused: boolean; readonly children: ReactNode }) {
  const { state } = useCell(useLiveSession().connection);
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
  if (!useCell(useLiveSession().isOutdated)) return null;
  return (
    <div className="banner" role="status">
      <TriangleAlert className="icon text-warn" aria-hidden />
      <span>
        <b>The platform has been updated.</b> This page no longer understands it.
      </span>
      <button type="button" className="button" onClick={() => location.reload()}>
        <RefreshCw className="icon" aria-hidden /> Load the new page
      </button>
    </div>
  );
}

function ReconnectingBanner() {
  const session = useLiveSession();
  const { state, sinceMs, attempt, refused } = useCell(session.connection);
  const awayMs = useNow(1_000) - sinceMs;
  if (state === 'connected' || awayMs < BANNER_AFTER_MS) return null;
  const what =
    refused === 'session_store_away' ? 'Sign-in is not possible at the moment: sessions cannot be read.' : 'No connection to the gateway.';
  return (
    <div className="banner" role="status">
      <TriangleAlert className="icon text-warn" aria-hidden />
      <span>
        <b>{state === 'offline' ? 'This computer is offline.' : what}</b> What you see stays as it was; missed rows are fetched again.
      </span>
      <span className="num text-muted">
        {attempt > 0 && `attempt ${attempt}, `}
        away for {formatDuration(awayMs)}
      </span>
      <button type="button" className="button" onClick={() => session.retry()}>
        <RefreshCw className="icon" aria-hidden /> Try now
      </button>
    </div>
  );
}

function SignedOut({ isLinkRefused }: { readonly isLinkRefused: boolean }) {
  const session = useLiveSession();
  return (
    <section className="notice" aria-labelledby="signed-out-title">
      <span className="notice-icon">
        <KeyRound className="icon" aria-hidden />
      </span>
      <h2 id="signed-out-title">{isLinkRefused ? 'This sign-in link does not hold' : 'Nobody is signed in'}</h2>
      <p>
        Sign in with the link that <code className="mono">npm start</code> printed last.
      </p>
      <button type="button" className="button" onClick={() => session.retry()}>
        <RefreshCw className="icon" aria-hidden /> I have signed in
      </button>
    </section>
  );
}
