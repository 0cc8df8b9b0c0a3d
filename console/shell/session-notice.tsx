import { Clock } from 'lucide-react';
import { useMessages, useSession } from '@trancendos/shell-api';
import { formatDuration, useNow } from '@trancendos/ui';
import { COMMAND_MESSAGES } from './command-messages.ts';

const NOTICE_BEFORE_MS = 5 * 60_000;

/** Says that the session is about to reach its full length, which nothing moves. That nobody uses it is asked by the `IdleDialog`. */
export function SessionNotice() {
  const text = useMessages(COMMAND_MESSAGES);
  const session = useSession();
  const nowMs = useNow(5_000);
  if (session?.expiresAt === undefined) return null;
  const leftMs = Date.parse(session.expiresAt) - nowMs;
  if (leftMs > NOTICE_BEFORE_MS || leftMs < 0) return null;
  return (
    <div className="banner" role="status">
      <Clock className="icon text-warn" aria-hidden />
      <span>{text.expiring(formatDuration(leftMs))}</span>
    </div>
  );
}
