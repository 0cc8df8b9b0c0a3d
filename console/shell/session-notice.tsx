import { Clock } from 'lucide-react';
import { useMessages, useSession } from '@trancendos/shell-api';
import { formatDuration, useNow } from '@trancendos/ui';
import { COMMAND_MESSAGES } from './command-messages.ts';
import type { OwnShell } from './make-shell.ts';

const NOTICE_BEFORE_MS = 2 * 60_000;

/** Says that the session is about to end, and keeps it where that is still possible. */
export function SessionNotice({ shell }: { readonly shell: OwnShell }) {
  const text = useMessages(COMMAND_MESSAGES);
  const session = useSession();
  const nowMs = useNow(5_000);
  const ends = [session?.idleExpiresAt, session?.expiresAt].flatMap((moment) => (moment === undefined ? [] : [Date.parse(moment)]));
  const leftMs = Math.min(...ends) - nowMs;
  if (ends.length === 0 || leftMs > NOTICE_BEFORE_MS || leftMs < 0) return null;
  return (
    <div className="banner" role="status">
      <Clock className="icon text-warn" aria-hidden />
      <span>{text.expiring(formatDuration(leftMs))}</span>
      <button type="button" className="button" onClick={() => void shell.refreshSession()}>
        {text.stay}
      </button>
    </div>
  );
}
