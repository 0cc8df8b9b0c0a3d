import { useCell } from '@trancendos/ui';
import { useLiveSession } from './live-session.ts';

const PACES = {
  slow: { word: 'slow: 2 a second', title: 'This page or its connection does not keep up, so it is sent two frames a second.' },
  snapshots: {
    word: 'very slow: snapshots',
    title: 'This page or its connection does not keep up, so it is sent a snapshot now and then.',
  },
} as const;

/** What has to be known of the rows before they are believed: that they are sampled, late, or not what the filter asks for. */
export function FeedBadges() {
  const session = useLiveSession();
  const version = useCell(session.feedVersion);
  const pace = useCell(session.pace);
  const refused = useCell(session.refused);
  const ratio = version === 0 ? 1 : session.feed.sampledRatio(session.feed.receivedAtMs);
  return (
    <span className="contents" role="status">
      {refused && (
        <span className="pill text-bad" title={refused.detail}>
          filter refused: {refused.detail}
        </span>
      )}
      {pace !== 'full' && (
        <span className="pill text-warn" title={PACES[pace].title} data-pace={pace}>
          {PACES[pace].word}
        </span>
      )}
      {ratio > 1 && (
        <span className="pill num text-muted" title="So many come that ordinary rows are sampled. What a person has to see is all here.">
          sampled 1:{ratio}
        </span>
      )}
    </span>
  );
}
