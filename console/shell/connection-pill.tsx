import { useMessages, useSocket, type Connection } from '@trancendos/shell-api';
import { formatClock, useCell, useNow } from '@trancendos/ui';
import { SHELL_MESSAGES } from './messages.ts';

const STALE_AFTER_MS = 3_000;
const SHOWN: Record<
  Connection['state'],
  { readonly name: string; readonly word: 'connecting' | 'connected' | 'reconnecting' | 'offline' | 'signedOut'; readonly tone: string }
> = {
  connecting: { name: 'reconnecting', word: 'connecting', tone: 'text-muted' },
  connected: { name: 'connected', word: 'connected', tone: 'text-ok' },
  reconnecting: { name: 'reconnecting', word: 'reconnecting', tone: 'text-warn' },
  offline: { name: 'offline', word: 'offline', tone: 'text-bad' },
  'signed-out': { name: 'signed-out', word: 'signedOut', tone: 'text-muted' },
};

/** The state of the connection; says since when the numbers stand still, when no message comes. */
export function ConnectionPill() {
  const { connection, receivedAtMs } = useSocket();
  const { state } = useCell(connection);
  const text = useMessages(SHELL_MESSAGES);
  const nowMs = useNow(1_000);
  const lastMs = receivedAtMs.get();
  const stale = lastMs > 0 && nowMs - lastMs > STALE_AFTER_MS;
  const shown = SHOWN[state];
  const tone = stale && state === 'connected' ? 'text-warn' : shown.tone;
  return (
    <span className="pill" data-connection={shown.name} data-stale={stale} role="status">
      <span className={`dot ${tone}`} aria-hidden />
      {text[shown.word]}
      {stale && <span className="num text-muted font-medium">{text.asOf(formatClock(lastMs))}</span>}
    </span>
  );
}
