import { useMessages } from '@trancendos/shell-api';
import { useCell } from '@trancendos/ui';
import { LIVE_MESSAGES } from './live-messages.ts';
import { useLiveSession } from './live-session.ts';

const PACES = {
  slow: { word: 'slow', hint: 'slowHint' },
  snapshots: { word: 'snapshots', hint: 'snapshotsHint' },
} as const;

/** What has to be known of the rows before they are believed: that they are sampled, late, or not what the filter asks for. */
export function FeedBadges() {
  const text = useMessages(LIVE_MESSAGES);
  const session = useLiveSession();
  const version = useCell(session.feedVersion);
  const pace = useCell(session.pace);
  const refused = useCell(session.refused);
  const ratio = version === 0 ? 1 : session.feed.sampledRatio(session.feed.receivedAtMs);
  return (
    <span className="contents" role="status">
      {refused && (
        <span className="pill text-bad" title={refused.detail}>
          {text.filterRefused(refused.detail)}
        </span>
      )}
      {pace !== 'full' && (
        <span className="pill text-warn" title={text[PACES[pace].hint]} data-pace={pace}>
          {text[PACES[pace].word]}
        </span>
      )}
      {ratio > 1 && (
        <span className="pill num text-muted" title={text.sampledHint}>
          {text.sampled(ratio)}
        </span>
      )}
    </span>
  );
}
