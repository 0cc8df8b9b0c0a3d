import { useLiveSession, type Connection } from '../live-ops/live-session.ts';
import { useCell } from '../ui/cell.ts';
import { formatClock } from '../ui/format-time.ts';
import { useNow } from '../ui/use-now.ts';

const STALE_AFTER_MS = 3_000;
const SHOWN: Record<Connection['state'], { readonly name: string; readonly word: string; readonly tone: string }> = {
  connecting: { name: 'reconnecting', word: 'Connecting', tone: 'text-muted' },
  connected: { name: 'connected', word: 'Connected', tone: 'text-ok' },
  reconnecting: { name: 'reconnecting', word: 'Reconnecting', tone: 'text-warn' },
  offline: { name: 'offline', word: 'Offline', tone: 'text-bad' },
  'signed-out': { name: 'signed-out', word: 'Signed out', tone: 'text-muted' },
};

/** The state of the connection; says since when the numbers stand still, when no frame comes. */
export function ConnectionPill() {
  const session = useLiveSession();
  const { state } = useCell(session.connection);
  useCell(session.feedVersion);
  const nowMs = useNow(1_000);
  const { receivedAtMs } = session.feed;
  const stale = receivedAtMs > 0 && nowMs - receivedAtMs > STALE_AFTER_MS;
  const shown = SHOWN[state];
  const tone = stale && state === 'connected' ? 'text-warn' : shown.tone;
  return (
    <span className="pill" data-connection={shown.name} data-stale={stale} role="status">
      <span className={`dot ${tone}`} aria-hidden />
      {shown.word}
      {stale && <span className="num text-muted font-medium">as of {formatClock(receivedAtMs)}</span>}
    </span>
  );
}
